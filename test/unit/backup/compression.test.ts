import assert from 'node:assert/strict';
import {
  compressionArgument,
  compressionLabel,
  defaultCompression,
  measuredDefaults,
  parseCompression,
} from '../../../src/engine/backup/compression';
import { fakeBuild as build } from './builds';

describe('compression', () => {
  it('takes zstd:3 where the client has it, else gzip:1', () => {
    assert.deepEqual(measuredDefaults(build(18)), { compress: 'zstd:3' });
    assert.deepEqual(measuredDefaults(build(17, ['none', 'gzip'])), { compress: 'gzip:1' });
    assert.deepEqual(measuredDefaults(build(15)), { compress: '1' });
  });

  it('leaves scripts readable and tar as it must be', () => {
    assert.equal(compressionLabel(defaultCompression('plain', build(18))), 'none');
    assert.equal(compressionLabel(defaultCompression('tar', build(18))), 'none');
    assert.equal(compressionLabel(defaultCompression('directory', build(18))), 'zstd:3');
    assert.equal(compressionLabel(defaultCompression('custom', build(15))), 'gzip:1');
  });

  const cases: [given: string, at18: string, at15: string, label: string][] = [
    ['9', 'gzip:9', '9', 'gzip:9'],
    ['0', 'none', '0', 'none'],
    ['none', 'none', '0', 'none'],
    ['gzip', 'gzip', '6', 'gzip'],
    ['gzip:level=4', 'gzip:level=4', '4', 'gzip:4'],
  ];
  for (const [given, at18, at15, label] of cases)
    it(`understands ${given}`, () => {
      const choice = parseCompression(given);
      assert.equal(compressionArgument(choice, build(18)), at18);
      assert.equal(compressionArgument(choice, build(15)), at15);
      assert.equal(compressionLabel(choice), label);
    });

  it('refuses what is no compression, and says what is', () => {
    assert.throws(() => parseCompression('zip:3'), {
      code: 'backup.option',
      what: '"zip:3" is no compression.',
    });
  });
});
