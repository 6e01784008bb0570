import { benchArchive } from './archive.bench';
import { benchBackup } from './backup.bench';
import { benchBasebackup } from './basebackup.bench';
import { benchCompare } from './compare.bench';
import { benchRestore } from './restore.bench';
import { benchTree } from './tree.bench';
import { benchWal } from './wal.bench';

const benches: Record<string, () => Promise<void>> = {
  backup: benchBackup,
  basebackup: benchBasebackup,
  tree: benchTree,
  archive: benchArchive,
  restore: benchRestore,
  compare: benchCompare,
  wal: benchWal,
};

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  for (const [name, bench] of Object.entries(benches))
    if (!wanted.length || wanted.includes(name)) {
      console.log(`\n── ${name}`);
      await bench();
    }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
