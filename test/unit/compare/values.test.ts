import assert from 'node:assert/strict';
import { canonicalOf, kept, LONGEST } from '../../../src/engine/compare/rows/values';

describe('values that are the same to the database', () => {
  const same = (type: string, rules: Parameters<typeof canonicalOf>[1], ...texts: string[]): void => {
    const canonical = canonicalOf(type, rules)!;
    assert.equal(new Set(texts.map(canonical)).size, 1, texts.join(' | '));
  };
  const different = (type: string, rules: Parameters<typeof canonicalOf>[1], ...texts: string[]): void => {
    const canonical = canonicalOf(type, rules)!;
    assert.equal(new Set(texts.map(canonical)).size, texts.length, texts.map(canonical).join(' | '));
  };
  const zone = 'timestamp with time zone';

  it('instants', () => {
    same(zone, {}, '2024-03-31 02:30:00+01', '2024-03-31 01:30:00+00', '2024-03-30 21:30:00-04');
    same('timestamp(3) with time zone', {}, '2024-01-01 00:00:00.5+00', '2024-01-01 05:30:00.50+05:30');
    same(zone, {}, '0044-03-15 12:00:00+00 BC', '0044-03-15 12:53:28+00:53:28 BC');
    same(zone, {}, '10000-01-01 00:00:00+00', '9999-12-31 23:00:00-01');
    different(zone, {}, '2024-01-01 00:00:00+00', '2024-01-01 00:00:00.000001+00', 'infinity', '-infinity');
  });

  it('bytes', () => {
    same('bytea', {}, '\\x00ff5c61', '\\000\\377\\\\a');
    same('bytea', {}, '\\x', '');
    different('bytea', {}, '\\x00', '\\x0000', 'x');
  });

  it('numbers and documents, when asked for', () => {
    assert.equal(canonicalOf('numeric(5,2)', {}), null);
    const rules = { numeric: 'value', json: 'value' } as const;
    same('numeric(5,2)', rules, '1.0', '1.00', '1', '01');
    same('numeric', rules, '-0.0', '0', '0.000');
    different('numeric', rules, '100', '10', '1e2', 'NaN', 'Infinity', '0.1');
    same('json', rules, '{"a": 1, "b": [1.0, {}]}', '{"b":[1,{}],"a":1.00}');
    same('json', rules, '12345678901234567890.10', '12345678901234567890.1');
    same('json', rules, '1.5e3', '1500', '15E2');
    different(
      'json',
      rules,
      '{"a":1}',
      '{"a":"1"}',
      '{"a":null}',
      '{}',
      '12345678901234567890',
      '12345678901234567891',
    );
    different('json', rules, '[1,2]', '[2,1]', 'no json');
  });

  it('are kept short and compared whole', () => {
    const long = 'x'.repeat(LONGEST);
    assert.deepEqual(kept(long, null), { text: long });
    const [one, other] = [kept(`${long}a`, null), kept(`${long}b`, null)];
    assert.equal(one.text, long);
    assert.equal(one.length, LONGEST + 1);
    assert.notEqual(one.by, other.by);
    assert.deepEqual(kept(null, null), { text: null });
  });
});
