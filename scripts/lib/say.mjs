/** One line about what is being done, on standard error: standard output belongs to results. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Stops with a sentence instead of a stack. */
export class Stop extends Error {}

/** Runs a script's main function: a `Stop` is printed as it is, anything else with its stack. */
export async function main(fn) {
  try {
    process.exitCode = (await fn()) ?? 0;
  } catch (error) {
    say(error instanceof Stop ? `\n${error.message}` : `\n${error?.stack ?? error}`);
    process.exitCode = 1;
  }
}
