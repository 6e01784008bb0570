import * as l10n from '@vscode/l10n';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, isCancelled, RestorePointError } from '../errors';
import { endsWithUs } from '../endsWithUs';
import { processStartTicks, startProcess, type StartedProcess } from '../process';
import { TlsFailure } from './dial';
import { isDatabaseError, placeText } from './explain';
import { isSocket } from './keywords';
import { defaultConnectTimeoutSeconds } from './login';
import { throughMaster } from './sshMaster';
import { isLoginFailure, sshArguments, sshFailure, targetOf, type Forward } from './ssh';
import type { Tunnel, TunnelOptions } from './tunnelTypes';
import type { HostPort, ResolvedSettings, SshSettings } from './types';

/** Other programs may take a free port before ssh binds it. */
const portAttempts = 5;
/** How long to wait for ssh to say why it closed a connection. */
const reasonWaitMs = 1000;

/**
 * Forwards a loopback port to each host through the system's `ssh`, and waits until the ports are bound.
 * TCP and not a local socket: over sockets libpq neither encrypts nor checks certificates.
 * @throws RestorePointError `connection.ssh`; CancelledError
 */
export async function openTunnel(
  ssh: SshSettings,
  settings: ResolvedSettings,
  options: TunnelOptions = {},
): Promise<Tunnel> {
  let strict = true;
  for (let attempt = 1; ; attempt++) {
    const forwards: Forward[] = await Promise.all(
      settings.hosts.map(async (host) => ({ localPort: await freeLoopbackPort(), target: targetOf(host) })),
    );
    try {
      return await startTunnel(ssh, settings, forwards, strict, options);
    } catch (error) {
      if (error instanceof RestorePointError && isLoginFailure(error)) {
        const shared = await throughMaster(ssh, forwards, options);
        if (shared) return shared;
        if (options.signal?.aborted) throw new CancelledError();
      }
      const port = busyPort(error);
      if (port === undefined || attempt === portAttempts) throw error;
      // A busy port of the user's own LocalForward lines (a second session has it) is not our business.
      if (!forwards.some(({ localPort }) => localPort === port)) strict = false;
    }
  }
}

async function startTunnel(
  ssh: SshSettings,
  settings: ResolvedSettings,
  forwards: Forward[],
  strict: boolean,
  options: TunnelOptions,
): Promise<Tunnel> {
  const { signal, onLog, onStart, env = process.env } = options;
  if (signal?.aborted) throw new CancelledError();
  const seconds = settings.connectTimeoutSeconds ?? defaultConnectTimeoutSeconds;
  const journal = new Journal(onLog);
  let isReady: () => void = () => {};
  let giveUp: (error: Error) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    isReady = resolve;
    giveUp = reject;
  });
  onLog?.(l10n.t('Opening an ssh tunnel through {0}', ssh.destination));
  const [program = '', ...words] = endsWithUs(
    ['ssh', ...sshArguments(ssh, forwards, { strict, seconds })],
    env,
  );
  const started = await startProcess(program, words, {
    env,
    graceMs: 2000,
    onLine: (_, line) => {
      journal.add(line);
      // A jump host's ssh says this too, but before ours has bound anything; and ours says it only when
      // the user's own forwards did not make it give up.
      if (
        line === 'debug1: Entering interactive session.' &&
        forwards.every(({ localPort }) => journal.isBound(localPort))
      )
        isReady();
      if (forwards.some(({ localPort }) => line.endsWith(`cannot listen to port: ${localPort}`)))
        giveUp(sshFailure(ssh, journal.words()));
    },
  });
  if (started.pid !== undefined)
    onStart?.({ pid: started.pid, startedAtTicks: processStartTicks(started.pid) });
  const ended = started.done.then(
    () => journal.ended(sshFailure(ssh, journal.words())),
    (cause: unknown) => journal.ended(sshFailure(ssh, [], cause)),
  );
  // The jump hosts take their time too, and ssh's own timeout covers the last hop only.
  const limitMs = (seconds * (1 + (ssh.jump?.split(',').length ?? 0)) + 5) * 1000;
  const timer =
    seconds > 0
      ? setTimeout(
          () => giveUp(sshFailure(ssh, [l10n.t('No answer within {0} s.', limitMs / 1000)])),
          limitMs,
        )
      : undefined;
  const onAbort = (): void => giveUp(new CancelledError());
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([ready, ended.then((failure) => Promise.reject(failure))]);
  } catch (error) {
    await started.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    ready.catch(() => {});
  }
  return tunnelOf(ssh, forwards, started, journal);
}

function tunnelOf(ssh: SshSettings, forwards: Forward[], started: StartedProcess, journal: Journal): Tunnel {
  return {
    endpoints: forwards.map(({ localPort }) => ({ host: '127.0.0.1', port: localPort })),
    async explain(error, host) {
      if (isDatabaseError(error) || error instanceof RestorePointError || isCancelled(error))
        return undefined;
      const refusal = wasDropped(error) ? await journal.nextRefusal() : undefined;
      if (journal.failure) return journal.failure;
      return refusal === undefined ? undefined : refusedBeyond(ssh, host, refusal, error);
    },
    close: () => started.kill(),
  };
}

/** ssh lets us in before it knows whether the far side does: a refusal there is a sudden end here. */
function wasDropped(error: unknown): boolean {
  const { code, message } = (
    error instanceof TlsFailure ? (error.cause ?? error) : error
  ) as NodeJS.ErrnoException;
  return (
    ['ECONNRESET', 'EPIPE', 'ECONNREFUSED'].includes(code ?? '') || /terminated|closed/i.test(message ?? '')
  );
}

/** The tunnel stands, and its far end cannot reach the server. */
function refusedBeyond(ssh: SshSettings, host: HostPort, refusal: string, cause: unknown): RestorePointError {
  return new RestorePointError(
    {
      code: 'connection.refused',
      what: isSocket(host.host)
        ? l10n.t('From {0}, no server can be reached by the socket {1}.', ssh.destination, placeText(host))
        : l10n.t('From {0}, nothing can be reached on {1}.', ssh.destination, placeText(host)),
      why: refusal,
      next: l10n.t(
        'Correct host and port as the ssh host sees them (often localhost), or start the server there.',
      ),
      remedies: [{ do: 'editConnection' }, { do: 'retry' }],
    },
    { cause },
  );
}

/** What ssh writes: its debug lines are read for facts, its other lines are for people. */
class Journal {
  /** Why ssh ended, once it has. */
  failure: RestorePointError | undefined;
  #words: string[] = [];
  #bound = new Set<number>();
  #refusals: string[] = [];
  #onLog: ((text: string) => void) | undefined;

  constructor(onLog: ((text: string) => void) | undefined) {
    this.#onLog = onLog;
  }

  add(line: string): void {
    const bound = /^debug1: Local forwarding listening on \S+ port (\d+)\./.exec(line);
    if (bound) this.#bound.add(Number(bound[1]));
    const refusal = /^channel \d+: open failed: (.*)$/.exec(line);
    if (refusal) this.#refusals = [...this.#refusals.slice(-9), refusal[1] ?? ''];
    if (/^(debug\d|OpenSSH_|Authenticated to|Transferred: |Bytes per second)/.test(line) || !line.trim())
      return;
    this.#words = [...this.#words.slice(-19), line];
    this.#onLog?.(`ssh: ${line}`);
  }

  isBound(port: number): boolean {
    return this.#bound.has(port);
  }

  words(): string[] {
    return this.#words;
  }

  ended(failure: RestorePointError): RestorePointError {
    this.failure = failure;
    return failure;
  }

  /** The oldest refusal not told yet; it may come a little after the connection was closed. */
  async nextRefusal(): Promise<string | undefined> {
    for (let waited = 0; waited < reasonWaitMs && !this.#refusals.length && !this.failure; waited += 20)
      await delay(20);
    return this.#refusals.shift();
  }
}

/** The local port a failed start could not bind, when that was the reason. */
function busyPort(error: unknown): number | undefined {
  if (!(error instanceof RestorePointError)) return undefined;
  const match = /cannot listen to port: (\d+)|\]:(\d+): Address already in use/.exec(error.why);
  return match ? Number(match[1] ?? match[2]) : undefined;
}

function freeLoopbackPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
