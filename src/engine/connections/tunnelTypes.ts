import type { RestorePointError } from '../errors';
import type { HostPort } from './types';

export interface TunnelOptions {
  signal?: AbortSignal;
  onLog?: (text: string) => void;
  /** Told of the ssh process, so that it can be found and ended should this one die. */
  onStart?: (process: { pid: number; startedAtTicks: string | null }) => void;
  env?: NodeJS.ProcessEnv;
}

export interface Tunnel {
  /** The local ends, one for each of the connection's hosts, in their order. */
  endpoints: HostPort[];
  /** What a failed connection through the tunnel really failed of; undefined when the tunnel is not to blame. */
  explain(error: unknown, host: HostPort): Promise<RestorePointError | undefined>;
  close(): Promise<void>;
}
