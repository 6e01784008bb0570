import assert from 'node:assert/strict';
import { visiblePieces, visibleText } from '../../../src/shared/visibleText';

describe('values made visible (unit)', () => {
  const cases: [string, string][] = [
    ['plain', 'plain'],
    ['a\nb\tc\r', 'a⏎b⇥c\\r'],
    ['\u0000\u001b[31m\u007f', '\\x00\\x1b[31m\\x7f'],
    ['caf\udce9', 'caf\\xe9'],
    ['\udc80\udcff', '\\x80\\xff'],
    ['\ud83d', '\\ud83d'],
    ['\ud83d\ude00', '\ud83d\ude00'],
    ['admin\u202etxt.exe', 'admin\\u202etxt.exe'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['\u{e0041}', '\\u{e0041}'],
    ['  two  ', '··two··'],
    ['in the middle', 'in the middle'],
    ['   ', '···'],
    ['', ''],
    ['<b>&amp;</b>', '<b>&amp;</b>'],
  ];
  for (const [text, shown] of cases) it(JSON.stringify(text), () => assert.equal(visibleText(text), shown));

  it('tells signs from text that looks like one', () => {
    assert.deepEqual(visiblePieces('\\xe9'), [{ text: '\\xe9', sign: false }]);
    assert.deepEqual(visiblePieces('\udce9'), [{ text: '\\xe9', sign: true }]);
    assert.deepEqual(visiblePieces('NULL'), [{ text: 'NULL', sign: false }]);
  });
});
