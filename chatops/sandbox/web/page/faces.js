// Faces are initials on a colour that stays a person's own.

export const tone = (id) => `tone-${[...(id ?? "")].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6}`;
