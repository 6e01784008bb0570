import { open, readContents } from '../../src/engine/archive';

/**
 * What the archive bench runs as processes of their own: `contents PATH` prints how many milliseconds the
 * reader alone takes for all entries; `rows PATH TABLE COUNT` prints the first rows of a table.
 */
async function main([what, path, table, count]: string[]): Promise<void> {
  if (what === 'contents') {
    const start = performance.now();
    const { entries } = await readContents(path!);
    console.log(JSON.stringify({ entries: entries.length, ms: performance.now() - start }));
    return;
  }
  await using archive = await open(path!);
  const entry = archive.contents.entries.find(({ kind, name }) => kind === 'TABLE DATA' && name === table)!;
  let text = '';
  for await (const { values } of archive.rows(entry.id, { limit: Number(count) }))
    text += values.map((value) => value ?? '\\N').join('\t') + '\n';
  process.stdout.write(text);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
