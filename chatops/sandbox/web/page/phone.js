// The buyer's phone: a chat with the shop.

import { html, nothing } from "/vendor/lit-html.js";
import { act, samplePhoto, sendPicture } from "./acts.js";
import { composer } from "./composer.js";
import { every, one } from "./live.js";
import { mine, set } from "./mine.js";

const STARTERS = {
  Mia: ["Hi! Where is my parcel? 📦", "The box arrived broken 😢", "Can I change the colour?"],
  Budi: ["Halo, barang saya rusak 😢", "Kapan pesanan saya dikirim?", "Terima kasih! 🙏"],
};

export const buyer = () => one("buyer", mine.buyer);

export function phone() {
  const me = buyer();
  if (!me) return nothing;
  return html`<section class="phone" aria-label="The buyer's phone">
    ${whose()}
    <div class="device">
      <header class="device-head">
        <span class="shop-face" aria-hidden="true">🛍️</span>
        <div>
          <h2>${one("shop").name}</h2>
          <p>Shop chat on ${me.name}'s phone</p>
        </div>
      </header>
      <div class="bubbles" id="bubbles" role="log" aria-label="Chat with the shop" tabindex="0">${bubbles(me)}</div>
      ${foot(me)}
    </div>
  </section>`;
}

function whose() {
  const buyers = every("buyer").sort((a, b) => a.place - b.place);
  return html`<div class="switch" role="group" aria-label="Whose phone">
    ${buyers.map(
      ({ id, name }) =>
        html`<button type="button" aria-pressed=${id === mine.buyer} @click=${() => set({ buyer: id })}>${name}</button>`,
    )}
  </div>`;
}

function bubbles(me) {
  const said = every("said").filter((message) => message.buyer === me.id);
  said.sort((a, b) => a.place - b.place);
  if (!said.length) {
    return html`<p class="quiet">${me.name} has not written yet. Say something, and watch the team.</p>`;
  }
  return said.map(bubble);
}

const SIDES = { BUYER: "out", SYSTEM: "middle", ROBOT: "in", CUSTOMER_SERVICE: "in", SHOP: "in" };

function bubble(message) {
  const side = SIDES[message.role] ?? "in";
  return html`<article class="bubble ${side} ${message.kind.toLowerCase()}" data-id=${message.id}>
    ${side === "in" ? html`<span class="sr">The shop: </span>` : nothing}
    <div class="bubble-body" dir="auto">${content(message)}</div>
    <time>${new Date(message.at * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}</time>
  </article>`;
}

function content({ kind, content: inner }) {
  switch (kind) {
    case "TEXT":
      return inner.content;
    case "IMAGE":
      return html`<img src=${pathOf(inner.url)} alt="Picture" width=${inner.width} height=${inner.height} />`;
    case "PRODUCT_CARD":
      return goods(one("goods", inner.product_id), `Product ${inner.product_id}`);
    case "ORDER_CARD":
      return order(one("order", inner.order_id), inner.order_id);
    default:
      return inner.content ?? `[${kind}]`;
  }
}

const pathOf = (url) => new URL(url, location.href).pathname;

function goods(product, otherwise) {
  if (!product) return otherwise;
  const price = new Intl.NumberFormat("en-GB", { style: "currency", currency: product.currency });
  return html`<div class="card">
    <img class="card-picture" src="/page/art/lipstick.svg" alt="" width="64" height="64" />
    <div><b>${product.title}</b><span>${price.format(product.price)}</span></div>
  </div>`;
}

function order(found, id) {
  if (!found) return `Order ${id}`;
  const status = found.status.replaceAll("_", " ").toLowerCase();
  return html`<div class="card order">
    <img class="card-picture" src="/page/art/lipstick.svg" alt="" width="64" height="64" />
    <div><b>Order …${id.slice(-6)}</b><span>${found.goods.length} item, ${status}</span></div>
  </div>`;
}

function foot(me) {
  const to = `/buyers/${me.id}`;
  const [product] = every("goods");
  const [bought] = me.orders;
  return html`<footer class="device-foot">
    <div class="starters" role="group" aria-label="Quick messages">
      ${(STARTERS[me.name] ?? []).map(
        (text) => html`<button type="button" dir="auto" @click=${() => act(`${to}/text`, { text })}>${text}</button>`,
      )}
    </div>
    ${composer({
      id: "buyer-text",
      label: `Write as ${me.name}`,
      send: (text) => act(`${to}/text`, { text }),
      picture: (file) => sendPicture(`${to}/picture`, file),
      extras: html`<button type="button" @click=${() => act(`${to}/card`, { kind: "product", id: product.id })}>
          Product
        </button>
        <button
          type="button"
          ?disabled=${!bought}
          title=${bought ? "" : `${me.name} has not ordered anything`}
          @click=${() => act(`${to}/card`, { kind: "order", id: bought })}
        >
          Order
        </button>
        <button type="button" @click=${async () => sendPicture(`${to}/picture`, await samplePhoto())}>Photo</button>`,
    })}
  </footer>`;
}
