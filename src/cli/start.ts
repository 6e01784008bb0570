// `dist/cli.js`. Everything else is in modules beside it (`dist/cli/`), which are read when they are needed.
void import('./main');
