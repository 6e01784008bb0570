import { join } from 'node:path';
import type { ClientBuild } from '../../tools/types';

/**
 * Settings on the command line of a restored cluster that is only tried, over those of its original: it must not reach anything
 * outside, must not be reached, and has to fit this machine.
 *
 * @param folder for its socket
 */
export function copySettings(folder: string, data: string, { version }: ClientBuild): Record<string, string> {
  return {
    // The configuration that came with the files may name the original's.
    data_directory: data,
    hba_file: join(folder, 'hba.conf'),
    external_pid_file: '',
    port: '5432',
    listen_addresses: '',
    unix_socket_directories: folder,
    unix_socket_permissions: '0700',
    ssl: 'off',
    // Nothing is archived, nobody waited for, no publisher asked, no job of an extension run.
    archive_mode: 'off',
    synchronous_standby_names: '',
    max_logical_replication_workers: '0',
    max_worker_processes: '0',
    ...(version.major >= 17 ? { event_triggers: 'off' } : {}),
    autovacuum: 'off',
    // What it says comes to us.
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '',
    log_min_messages: 'warning',
    log_statement: 'none',
    log_min_duration_statement: '-1',
    lc_messages: 'C',
    // The machine is another.
    shared_buffers: '128MB',
    huge_pages: 'off',
    // Readers are not let in before the end: then no setting has to be as high as the original's.
    hot_standby: 'off',
    // It is thrown away.
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
  };
}
