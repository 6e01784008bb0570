import * as vscode from 'vscode';
import type { Connection, HostPort, Role, SslMode } from '../../../engine/connections/types';
import { runSteps, type Ask, type Step } from '../../ask';
import { roleName } from '../../connections';

/** What the questions are about; the password is apart from what is stored. */
export interface Draft {
  connection: Connection;
  password?: string;
}

const sslModes: SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

const sslMeaning = (mode: SslMode): string => {
  switch (mode) {
    case 'disable':
      return vscode.l10n.t('Never encrypted.');
    case 'allow':
      return vscode.l10n.t('Encrypted only if the server insists.');
    case 'prefer':
      return vscode.l10n.t('Encrypted if the server can; the default.');
    case 'require':
      return vscode.l10n.t('Always encrypted; the certificate is not checked.');
    case 'verify-ca':
      return vscode.l10n.t('Encrypted, and the certificate is from an authority you trust.');
    case 'verify-full':
      return vscode.l10n.t('Encrypted, from an authority you trust, and made for this host.');
  }
};

export const roles: Role[] = ['local', 'development', 'staging', 'production'];

/** Asks for a role, saying what it does. */
export async function askRole(
  ask: Ask,
  title: string,
  now: Role,
  step?: { number: number; of: number },
): Promise<Role> {
  return await ask.pick({
    id: 'connection.role',
    title,
    step,
    placeholder: vscode.l10n.t('Role: how loud the warnings are'),
    options: roles.map((role) => ({
      label: roleName(role),
      detail:
        role === 'production'
          ? vscode.l10n.t('Shown in colour; the database’s name has to be typed before anything destructive.')
          : undefined,
      picked: role === now,
      value: role,
    })),
  });
}

/** `a:6432, b` → hosts; a path is the folder of a Unix socket, an IPv6 address with a port is in brackets. */
export function parseHosts(text: string): HostPort[] {
  return text.split(',').map((part) => {
    const one = part.trim();
    const bare = /^[^/@[\]][^[\]]*:[^[\]]*:/.test(one) || one.startsWith('::');
    const match = bare ? null : /^(.*?)(?::(\d+))?$/.exec(one);
    const host = match?.[1] ?? one;
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: match?.[2] ? Number(match[2]) : defaultPort };
  });
}

export function formatHosts(hosts: HostPort[] | undefined): string {
  return (hosts ?? [])
    .map(({ host, port }) => {
      const name = host.includes(':') && !host.startsWith('/') ? `[${host}]` : host;
      return port === defaultPort ? name : `${name}:${port}`;
    })
    .join(', ');
}

const defaultPort = 5432;

type Extras = 'certificates' | 'ssh' | 'more';

/** Every question about a connection, in order; those about certificates and ssh only when wanted. */
export async function askConnection(ask: Ask, title: string, draft: Draft): Promise<Draft> {
  const { connection } = draft;
  const { settings } = connection;
  let extras: Extras[] = [
    ...(settings.sslRootCert || settings.sslCert ? (['certificates'] as const) : []),
    ...(connection.ssh ? (['ssh'] as const) : []),
  ];
  const text = (
    id: string,
    placeholder: string,
    prompt: string,
    get: () => string | undefined,
    set: (value: string | undefined) => void,
    more: { when?: () => boolean; validate?: (value: string) => string | undefined } = {},
  ): Step<Draft> => ({
    when: more.when,
    ask: async (_, step) => {
      const { validate } = more;
      const answer = await ask.text({
        id: `connection.${id}`,
        title,
        step,
        placeholder,
        prompt,
        value: get(),
        validate,
      });
      set(answer.trim() || undefined);
    },
  });
  const wants = (extra: Extras) => (): boolean => extras.includes(extra);
  const required = (value: string): string | undefined =>
    value.trim() ? undefined : vscode.l10n.t('This is needed.');
  const number = (value: string): string | undefined =>
    /^\d*$/.test(value.trim()) ? undefined : vscode.l10n.t('A whole number is needed.');
  const ssh = (): NonNullable<Connection['ssh']> => (connection.ssh ??= { destination: '' });

  await runSteps<Draft>(
    [
      text(
        'hosts',
        vscode.l10n.t('localhost'),
        vscode.l10n.t(
          'Host, host:port, several separated by commas, or the folder of a Unix socket. Empty: as libpq finds it.',
        ),
        () => formatHosts(settings.hosts),
        (value) => (settings.hosts = value === undefined ? undefined : parseHosts(value)),
      ),
      text(
        'user',
        vscode.l10n.t('postgres'),
        vscode.l10n.t('User. Empty: as libpq finds it.'),
        () => settings.user,
        (value) => (settings.user = value),
      ),
      {
        ask: async (_, step) => {
          const password = await ask.text({
            id: 'connection.password',
            title,
            step,
            password: true,
            value: draft.password,
            prompt: vscode.l10n.t('Password. Empty: asked for when it is needed, or from the password file.'),
          });
          draft.password = password || undefined;
        },
      },
      text(
        'database',
        vscode.l10n.t('postgres'),
        vscode.l10n.t('Database to log in to. Empty: as libpq finds it.'),
        () => settings.database,
        (value) => (settings.database = value),
      ),
      {
        ask: async (_, step) => {
          settings.sslMode = await ask.pick({
            id: 'connection.sslMode',
            title,
            step,
            placeholder: vscode.l10n.t('Encryption (sslmode)'),
            options: sslModes.map((mode) => ({
              label: mode,
              detail: sslMeaning(mode),
              picked: mode === (settings.sslMode ?? 'prefer'),
              value: mode,
            })),
          });
        },
      },
      {
        ask: async (_, step) => {
          extras = await ask.pickSeveral<Extras>({
            id: 'connection.extras',
            title,
            step,
            placeholder: vscode.l10n.t('What else does the connection need? None is fine.'),
            options: [
              {
                label: vscode.l10n.t('Certificates'),
                detail: vscode.l10n.t('Files of a root or client certificate.'),
                picked: extras.includes('certificates'),
                value: 'certificates',
              },
              {
                label: vscode.l10n.t('SSH tunnel'),
                detail: vscode.l10n.t(
                  'Through the system’s own ssh, with its configuration, agent and jump hosts.',
                ),
                picked: extras.includes('ssh'),
                value: 'ssh',
              },
              {
                label: vscode.l10n.t('Timeout and server options'),
                detail: vscode.l10n.t('connect_timeout and options of libpq.'),
                picked: extras.includes('more'),
                value: 'more',
              },
            ],
          });
          if (!extras.includes('ssh')) delete connection.ssh;
        },
      },
      text(
        'sslRootCert',
        '~/.postgresql/root.crt',
        vscode.l10n.t('File of the root certificate, or "system".'),
        () => settings.sslRootCert,
        (value) => (settings.sslRootCert = value),
        { when: wants('certificates') },
      ),
      text(
        'sslCert',
        '~/.postgresql/postgresql.crt',
        vscode.l10n.t('File of the client certificate.'),
        () => settings.sslCert,
        (value) => (settings.sslCert = value),
        { when: wants('certificates') },
      ),
      text(
        'sslKey',
        '~/.postgresql/postgresql.key',
        vscode.l10n.t('File of the client certificate’s key.'),
        () => settings.sslKey,
        (value) => (settings.sslKey = value),
        { when: wants('certificates') },
      ),
      text(
        'sshDestination',
        vscode.l10n.t('me@bastion.example.com'),
        vscode.l10n.t('Where ssh goes to: [user@]host, or a Host of the ssh configuration.'),
        () => connection.ssh?.destination,
        (value) => (ssh().destination = value ?? ''),
        { when: wants('ssh'), validate: required },
      ),
      text(
        'sshPort',
        '22',
        vscode.l10n.t('Port of ssh. Empty: as the ssh configuration says.'),
        () => connection.ssh?.port?.toString(),
        (value) => (ssh().port = value === undefined ? undefined : Number(value)),
        { when: wants('ssh'), validate: number },
      ),
      text(
        'sshIdentityFile',
        '~/.ssh/id_ed25519',
        vscode.l10n.t('File of the ssh key. Empty: as the ssh configuration and agent say.'),
        () => connection.ssh?.identityFile,
        (value) => (ssh().identityFile = value),
        { when: wants('ssh') },
      ),
      text(
        'sshJump',
        vscode.l10n.t('me@jump.example.com'),
        vscode.l10n.t('Jump host (ssh -J). Empty: none, or as the ssh configuration says.'),
        () => connection.ssh?.jump,
        (value) => (ssh().jump = value),
        { when: wants('ssh') },
      ),
      text(
        'connectTimeout',
        '10',
        vscode.l10n.t('Seconds to wait for the server. Empty: as libpq waits.'),
        () => settings.connectTimeoutSeconds?.toString(),
        (value) => (settings.connectTimeoutSeconds = value === undefined ? undefined : Number(value)),
        { when: wants('more'), validate: number },
      ),
      text(
        'options',
        '-c search_path=app',
        vscode.l10n.t('Server settings for the session (options).'),
        () => settings.options,
        (value) => (settings.options = value),
        { when: wants('more') },
      ),
      ...nameAndRole(ask, title),
    ],
    draft,
  );
  return draft;
}

/** The questions that also a pasted connection needs. */
export function nameAndRole(ask: Ask, title: string): Step<Draft>[] {
  return [
    {
      ask: async ({ connection }, step) => {
        connection.name = (
          await ask.text({
            id: 'connection.name',
            title,
            step,
            prompt: vscode.l10n.t('Name in the tree'),
            value: connection.name || formatHosts(connection.settings.hosts),
            validate: (value) => (value.trim() ? undefined : vscode.l10n.t('This is needed.')),
          })
        ).trim();
      },
    },
    {
      ask: async ({ connection }, step) => {
        connection.role = await askRole(ask, title, connection.role, step);
      },
    },
  ];
}
