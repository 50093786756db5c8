-- A month of what shops lived through, as it is kept: ticket n is opened at its share of the month. A fifth is answered
-- with a macro, in one of 25 a rule found something, and every second of these was sent all the same.
-- TICKETS, LINES (conversations), SHOPS, START and STEP are numbers, ::JSON is left out for SQLite.

CREATE TEMPORARY TABLE lived AS
WITH RECURSIVE series(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM series WHERE n < TICKETS - 1),
chance AS (SELECT n, n % LINES AS line, (n * 7919) % 1009 AS one, (n * 104729) % 1013 AS two FROM series),
pace AS (SELECT n, line, START + n * STEP AS opened,
    15000 + one * one * one / 1000 + CASE WHEN n % 50 = 0 THEN 7200000 ELSE 0 END AS first_took,
    20000 + two * 400 AS next_took, one FROM chance)
SELECT n, line, '7495540735365' || (100000 + line % SHOPS) AS shop, '7' || (1000000000000000000 + line) AS conversation,
    '7' || (1000000000000000000 + line) || '.' || (1 + n / LINES) AS ticket, opened, first_took, next_took,
    one, opened + first_took + 60000 AS again, opened + first_took + 60000 + next_took AS done,
    n >= TICKETS * 99 / 100 AS stays_open, 'U0' || (n % 12) AS agent
FROM pace;

INSERT INTO conversation (shop_id, id, tickets, language)
SELECT shop, conversation, 1, CASE n % 7 WHEN 0 THEN 'en' WHEN 1 THEN 'id' WHEN 2 THEN 'vi' WHEN 3 THEN 'th'
    WHEN 4 THEN 'es' WHEN 5 THEN 'zh' ELSE '' END
FROM lived WHERE n < LINES;

INSERT INTO ticket (shop_id, id, conversation_id, kind, state, assignee_workspace_id, assignee_id, opened_at,
    waiting_since, answered_at, resolved_at, version, level, team, tags, order_id, order_status, order_total,
    order_currency, order_items, order_tracking)
SELECT shop, ticket, conversation, CASE WHEN n % 10 = 0 THEN 'return' ELSE 'chat' END,
    CASE WHEN stays_open THEN 'open' ELSE 'resolved' END, 'T0TEAM', agent, opened,
    CASE WHEN stays_open THEN done + 120000 END, done, CASE WHEN NOT stays_open THEN done + 3600000 END, 9,
    CASE n % 5 WHEN 0 THEN 'presale' WHEN 1 THEN 'logistics' WHEN 2 THEN 'quality' WHEN 3 THEN 'complaint' END,
    CASE n % 3 WHEN 0 THEN 'front' ELSE '' END, (CASE WHEN n / SHOPS % 4 = 0 THEN '[]'
        WHEN n / SHOPS % 9 = 0 THEN '["topic ' || (n / SHOPS % 37) || '","topic ' || (40 + n % 11) || '"]'
        ELSE '["topic ' || (n / SHOPS % 37) || '"]' END)::JSON,
    '57' || n, 'IN_TRANSIT', '19.90', 'GBP', 'Blue shirt, size M', 'GB00' || n
FROM lived;

INSERT INTO message (shop_id, id, conversation_id, ticket_id, external_id, "index", author, kind, content, plaintext,
    visible, state, fault, said_at, sent_at, agent_id, source_workspace_id, source_channel_id, source_thread_id,
    source_id, answers_since, first_answer, product_id)
SELECT shop, '74' || (10000000000000000 + n * 5 + k), conversation, ticket, '74' || (10000000000000000 + n * 5 + k), k,
    CASE k WHEN 1 THEN 'agent' WHEN 3 THEN 'seller_center' ELSE 'buyer' END,
    CASE WHEN k = 4 AND n % 5 = 0 THEN 'PRODUCT_CARD' ELSE 'TEXT' END,
    (CASE WHEN k = 4 AND n % 5 = 0 THEN '{"product_id": "' || (1729592969712207000 + one % 50) || '"}'
    WHEN k = 0 AND n % 3 = 0 THEN '{"content": "Which size do I need, and is it small or large?"}'
    ELSE '{"content": "It was to be here the day before yesterday already, number ' || n || '"}' END)::JSON, '',
    true, CASE k WHEN 1 THEN 'sent' ELSE 'received' END, '',
    CASE k WHEN 0 THEN opened WHEN 1 THEN opened + first_took - 5000 WHEN 2 THEN again WHEN 3 THEN done
        ELSE done + 120000 END,
    CASE k WHEN 1 THEN opened + first_took WHEN 3 THEN done END,
    CASE k WHEN 1 THEN agent END, CASE k WHEN 1 THEN 'T0TEAM' END, CASE k WHEN 1 THEN 'C0SUPPORT' END,
    CASE k WHEN 1 THEN 'C0SUPPORT/1700000000.000000' END, CASE k WHEN 1 THEN '1700000000.' || n END,
    CASE k WHEN 1 THEN opened WHEN 3 THEN again END, k = 1,
    CASE WHEN k = 4 AND n % 5 = 0 THEN CAST(1729592969712207000 + one % 50 AS VARCHAR) END
FROM lived CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) place;

INSERT INTO clock (shop_id, ticket_id, target, cycle, newest, metric, calendar, state, "limit", consumed, started_at,
    running_since, due_at, met_at, breached_at, ended_at, reason, paused_for, heeded, urgent)
SELECT shop, ticket, metric, 1, true, metric, '',
    CASE WHEN runs THEN 'running' WHEN took > most THEN 'met_late' ELSE 'met' END, most, 0, since,
    CASE WHEN runs THEN since END, since + most, CASE WHEN NOT runs THEN since + took END,
    CASE WHEN took > most AND NOT runs THEN since + most END, CASE WHEN NOT runs THEN since + took END,
    '', '', -1, false
FROM (
    SELECT shop, ticket, 'first_response' AS metric, 300000 AS most, opened AS since, first_took AS took, false AS runs
    FROM lived
    UNION ALL
    SELECT shop, ticket, 'next_response', 900000, again, next_took, stays_open FROM lived
    UNION ALL
    SELECT shop, ticket, 'platform_response', 43200000, opened, first_took, false FROM lived
) promised;

INSERT INTO history (shop_id, ticket_id, at, what, workspace_id, agent_id, facts)
SELECT shop, ticket, opened, 'opened', NULL, NULL, '{}'::JSON FROM lived;

INSERT INTO history (shop_id, ticket_id, at, what, workspace_id, agent_id, facts)
SELECT shop, ticket, opened, 'triaged', NULL, NULL,
    (CASE n % 4 WHEN 0 THEN '{"rules":"quality"}' WHEN 1 THEN '{"rules":"where-is-it"}' WHEN 2 THEN '{"rules":"size again"}'
    ELSE '{"rules":"before-buying"}' END)::JSON
FROM lived;

INSERT INTO history (shop_id, ticket_id, at, what, workspace_id, agent_id, facts)
SELECT shop, ticket, opened + first_took, 'answered', NULL, NULL, '{}'::JSON FROM lived;

INSERT INTO history (shop_id, ticket_id, at, what, workspace_id, agent_id, facts)
SELECT shop, ticket, done + 3600000, 'resolved', 'T0TEAM', agent, '{}'::JSON FROM lived WHERE NOT stays_open;

INSERT INTO history (shop_id, ticket_id, at, what, workspace_id, agent_id, facts)
SELECT shop, ticket, opened + first_took - 9000, 'macro', 'T0TEAM', agent,
    ('{"macro_id":"answer-' || (n % 61) || '","locale":"en","version":3}')::JSON
FROM lived WHERE n % 5 = 0;

INSERT INTO history (shop_id, ticket_id, at, what, workspace_id, agent_id, facts)
SELECT shop, ticket, opened + first_took - 8000, 'lint', 'T0TEAM', agent,
    ('{"rules":"rule-' || (n % 23) || '","about":"' || CASE n % 3 WHEN 0 THEN 'promise' WHEN 1 THEN 'language' ELSE
    'language capitals' END || '"}')::JSON
FROM lived WHERE n % 25 = 1;

INSERT INTO history (shop_id, ticket_id, at, what, workspace_id, agent_id, facts)
SELECT shop, ticket, opened + first_took - 7000, 'sent_anyway', 'T0TEAM', agent,
    ('{"message_id":"' || n || '","why":"lint","rules":"rule-' || (n % 23) || '","about":"language"}')::JSON
FROM lived WHERE n % 50 = 1;

DROP TABLE lived;
