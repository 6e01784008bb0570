// `dist/cli.js`. Everything else is in modules beside it (`dist/cli/`), which are read when they are needed.
const oldest = 22;
const major = Number(process.versions.node.split('.')[0]);
const [, , verb, action = ''] = process.argv;

// Before anything else is read: an older Node fails somewhere in the middle, at something that it does not know.
if (major < oldest) refuse(`restore-point needs Node ${oldest} or later; this is ${process.version}.`);
else if (verb === 'wal' && ['push', 'fetch'].includes(action)) import('./perSegment').catch(incomplete);
else import('./main').catch(incomplete);

function incomplete(error: Error): void {
  const [what] = error.message.split('\n');
  refuse(`restore-point is incomplete: the folder cli belongs beside cli.js. ${what}`);
}

function refuse(why: string): void {
  process.stderr.write(`${why}\n`);
  // To a server that recovers, 1 would say that the archive has no more.
  process.exitCode = verb === 'wal' && process.argv.includes('fetch') ? 200 : 1;
}
