/**
 * What psql is told for every script: no psqlrc, nothing but messages, each with its SQLSTATE and the statement it is
 * about, as the failure doctor reads them.
 */
export function psqlArgs({ stopOnError }: { stopOnError: boolean }): string[] {
  const variables = ['VERBOSITY=verbose', 'ECHO=errors', `ON_ERROR_STOP=${stopOnError ? 1 : 0}`];
  return ['-X', '-q', ...variables.flatMap((variable) => ['-v', variable])];
}
