-- The sample database of `npm start` and of the tests that look at screens: a shop with customers, orders
-- and an audit trail. `-v scale=N` multiplies the rows (1: about 30 MB).
\if :{?scale}
\else
\set scale 1
\endif
SET client_min_messages = warning;
SELECT setseed(0.42) \g /dev/null

CREATE SCHEMA audit;
COMMENT ON SCHEMA audit IS 'Who changed what, and when';

CREATE TYPE order_status AS ENUM ('open', 'paid', 'shipped', 'refunded');

CREATE TABLE customers (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  email text UNIQUE NOT NULL,
  city text,
  joined date NOT NULL
);

CREATE TABLE products (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  price numeric(8, 2) NOT NULL CHECK (price > 0),
  tags text[] NOT NULL DEFAULT '{}',
  facts jsonb
);

CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer integer NOT NULL REFERENCES customers,
  placed_at timestamptz NOT NULL,
  status order_status NOT NULL DEFAULT 'open',
  total numeric(10, 2) NOT NULL,
  note text
);

CREATE TABLE order_line (
  "order" bigint NOT NULL REFERENCES orders,
  line smallint NOT NULL,
  product integer NOT NULL REFERENCES products,
  quantity smallint NOT NULL,
  PRIMARY KEY ("order", line)
);

CREATE TABLE audit.events (
  at timestamptz NOT NULL,
  who text NOT NULL,
  what text NOT NULL,
  payload jsonb
) PARTITION BY RANGE (at);
CREATE TABLE audit.events_2025 PARTITION OF audit.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE audit.events_2026 PARTITION OF audit.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

INSERT INTO customers (name, email, city, joined)
SELECT (ARRAY['Ada','Björn','Chloé','Dmitri','Elif','Fatima','Goran','Hana'])[1 + i % 8] || ' ' ||
       (ARRAY['Abel','Brandt','Costa','Dvořák','Ekberg','Fujita','Green'])[1 + (i / 8) % 7],
       'customer' || i || '@shop.example',
       (ARRAY['Oslo','Porto','Kraków','Lyon', NULL,'Turin'])[1 + i % 6],
       date '2020-01-01' + i % 2000
FROM generate_series(1, 10000 * :scale) AS i;

INSERT INTO products (title, price, tags, facts)
SELECT 'Product ' || i, round((1 + random() * 200)::numeric, 2), ARRAY['tag' || i % 9, 'tag' || i % 5],
       jsonb_build_object('weight', i % 40, 'colour', (ARRAY['red','green','blue'])[1 + i % 3])
FROM generate_series(1, 500) AS i;

INSERT INTO orders (customer, placed_at, status, total, note)
SELECT 1 + (random() * (10000 * :scale - 1))::int, timestamptz '2025-01-01 08:00+00' + i * interval '3 minutes',
       (ARRAY['open','paid','paid','shipped','refunded'])[1 + i % 5]::order_status,
       round((5 + random() * 400)::numeric, 2),
       CASE WHEN i % 7 = 0 THEN E'call back\nbefore noon' WHEN i % 11 = 0 THEN '' END
FROM generate_series(1, 100000 * :scale) AS i;

INSERT INTO order_line
SELECT o, l, 1 + (random() * 499)::int, 1 + (random() * 4)::int
FROM generate_series(1, 100000 * :scale) AS o, generate_series(1, 2) AS l;

INSERT INTO audit.events
SELECT timestamptz '2025-06-01 00:00+00' + i * interval '5 minutes', 'user' || i % 40,
       (ARRAY['login','change','export'])[1 + i % 3], jsonb_build_object('ip', '10.0.0.' || i % 250)
FROM generate_series(1, 100000 * :scale) AS i;

CREATE INDEX orders_customer ON orders (customer);
CREATE INDEX orders_placed_at ON orders (placed_at);
CREATE INDEX products_facts ON products USING gin (facts);

CREATE VIEW turnover AS
SELECT date_trunc('month', placed_at) AS month, count(*) AS orders, sum(total) AS total
FROM orders WHERE status <> 'refunded' GROUP BY 1;

CREATE MATERIALIZED VIEW best_customers AS
SELECT c.id, c.name, sum(o.total) AS total
FROM customers c JOIN orders o ON o.customer = c.id GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 100;

CREATE FUNCTION open_orders(of_customer integer) RETURNS bigint LANGUAGE sql STABLE
RETURN (SELECT count(*) FROM orders WHERE customer = of_customer AND status = 'open');

ANALYZE;
