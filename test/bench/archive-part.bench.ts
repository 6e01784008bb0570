import { readContents } from '../../src/engine/archive';

/** A process of its own for the archive bench: prints how many milliseconds the reader alone takes for all entries. */
async function main([path]: string[]): Promise<void> {
  const start = performance.now();
  const { entries } = await readContents(path!);
  console.log(JSON.stringify({ entries: entries.length, ms: performance.now() - start }));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
