import * as vscode from 'vscode';
import type { Connection } from '../../../engine/connections/types';
import { runSteps } from '../../ask';
import { engine } from '../../engine';
import type { Services } from '../../services';
import type { Call, Command } from '../command';
import { askConnection, nameAndRole, type Draft } from './form';
import { keepPassword } from './keepPassword';

interface Answers {
  /** A URI or `key=value` text; nothing more is asked then. */
  text: string;
  name: string;
  role: Connection['role'];
}

/** By pasting a URI or libpq's key=value, or step by step. Returns the connection. */
export const addConnection: Command = {
  id: 'restorePoint.addConnection',
  async run(services, call: Call<Answers>) {
    const { connections, sessions } = services;
    const title = vscode.l10n.t('Add Connection');
    const draft = call.target.text === undefined ? await askDraft(services, title) : await given(call.target);
    const { connection, password } = draft;
    if (password !== undefined && password !== '') await keepPassword(services, connection, password);
    sessions.close(connection.id);
    await connections.save(connection);
    return connection;
  },
};

async function given({ text, name, role }: Call<Answers>['target']): Promise<Draft> {
  const draft = await fromText(text ?? '');
  if (name) draft.connection.name = name;
  if (role) draft.connection.role = role;
  return draft;
}

async function fromText(text: string): Promise<Draft> {
  const { connectionFrom, parseConnectionText } = await engine();
  const parsed = parseConnectionText(text.trim());
  return { connection: connectionFrom(parsed), password: parsed.password };
}

async function askDraft({ ask }: Services, title: string): Promise<Draft> {
  const { connectionFrom, parseConnectionText } = await engine();
  const text = await ask.text({
    id: 'connection.text',
    title,
    placeholder: 'postgresql://me@localhost:5432/shop',
    prompt: vscode.l10n.t('Paste a URI or key=value text, or press Enter to answer step by step.'),
    validate: (value) => {
      if (!value.trim()) return undefined;
      try {
        parseConnectionText(value.trim());
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });
  if (text.trim()) return await runSteps(nameAndRole(ask, title), await fromText(text));
  return await askConnection(ask, title, { connection: connectionFrom({ settings: {}, name: '' }) });
}
