import { open, type Archive } from '../../archive';

/** Tables and rows that are looked at. */
const tables = 20;
const rows = 50;

/**
 * Settings of the session that made a dump, as far as its values show them: pg_dump does not set these, and the dump does
 * not record them. A live side that reads with the same writes its values alike, so that nearly all are the same at once.
 */
export async function spellingOf(path: string, signal: AbortSignal): Promise<Record<string, string>> {
  const archive = await open(path, { signal });
  const found = new Spelling();
  try {
    const asked = archive.contents.entries.filter(({ kind, hasData }) => kind === 'TABLE DATA' && hasData);
    let left = tables;
    for (const { id } of asked) {
      const columns = archive.columns(id).flatMap(({ type }, at) => (type && TELLING.test(type) ? [at] : []));
      if (columns.length === 0) continue;
      if (left-- === 0) break;
      await found.look(archive, id, columns, signal);
    }
  } catch {
    // What cannot be read is told when it is compared.
  } finally {
    await archive.close();
  }
  return found.settings();
}

const TELLING = /^(?:timestamp(?:\(\d\))? with time zone|bytea)$/;
const ZONE = /^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?([-+]\d\d(?::\d\d(?::\d\d)?)?)$/;

class Spelling {
  readonly #zones = new Set<string>();
  #escaped = false;
  #hex = false;

  async look(archive: Archive, id: number, columns: readonly number[], signal: AbortSignal): Promise<void> {
    for await (const { values } of archive.rows(id, { limit: rows, signal }))
      for (const at of columns) {
        const value = values[at];
        const zone = value && ZONE.exec(value)?.[1];
        if (zone) this.#zones.add(zone);
        else if (value?.startsWith('\\x')) this.#hex = true;
        else if (value && !/^-?infinity$|^\d{4,}-\d\d-\d\d .* BC$/.test(value)) this.#escaped = true;
      }
  }

  settings(): Record<string, string> {
    const [zone, ...others] = this.#zones;
    // Of a zone with summer time the values do not say which it is.
    return {
      ...(zone && others.length === 0 ? { TimeZone: zone === '+00' ? 'UTC' : posix(zone) } : {}),
      ...(this.#escaped && !this.#hex ? { bytea_output: 'escape' } : {}),
    };
  }
}

/** A zone of a fixed offset; POSIX counts westward. */
function posix(zone: string): string {
  return `<${zone}>${zone.startsWith('-') ? '+' : '-'}${zone.slice(1)}`;
}
