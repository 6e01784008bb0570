// npm run bench [-- backup|basebackup|tree|archive|restore|compare|wal …]
// Ours and the alternative side by side in one run; prints ratios. RESTORE_POINT_BENCH_MB sets the size.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { end, run, runOrThrow } from './lib/run.mjs';
import { main, say } from './lib/say.mjs';
import { layers } from './layers.mjs';
import { ensureModules } from './setup/modules.mjs';
import { underNode24 } from './setup/node.mjs';
import { ensurePostgres, majors } from './setup/postgres.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const minute = 60_000;

await main(async () => {
  await underNode24();
  process.chdir(root);
  await ensureModules(root);
  for (const major of majors) await ensurePostgres(major);
  await runOrThrow(process.execPath, ['esbuild.js']);
  // What is measured is what the package holds.
  await runOrThrow(process.execPath, ['esbuild.js', '--production']);
  const wanted = process.argv.slice(2);
  try {
    if (!wanted.length || wanted.includes('activation')) {
      say('\n── activation, inside a real VS Code');
      const { figures } = await layers.host.run(root, { grep: 'activat' });
      for (const { name, value } of figures) say(`${name}: ${value}`);
    }
    const others = wanted.filter((name) => name !== 'activation');
    if (wanted.length && !others.length) return 0;
    const { code } = await run(process.execPath, [join(root, 'dist/test/bench/main.bench.js'), ...others], {
      cwd: root,
      timeoutMs: 60 * minute,
    });
    return code ?? 1;
  } finally {
    await end();
  }
});
