// `dist/cli.js`. Everything else is in modules beside it (`dist/cli/`), which are read when they are needed.
const oldest = 22;
const major = Number(process.versions.node.split('.')[0]);
const [, , verb, action = ''] = process.argv;
if (major < oldest) {
  // Before anything else is read: an older Node fails somewhere in the middle, at something that it does not know.
  process.stderr.write(`restore-point needs Node ${oldest} or later; this is ${process.version}.\n`);
  // To a server that recovers, 1 would say that the archive has no more.
  process.exitCode = verb === 'wal' && process.argv.includes('fetch') ? 200 : 1;
} else if (verb === 'wal' && ['push', 'fetch'].includes(action)) void import('./perSegment');
else void import('./main');
