/** What pg_dump's and pg_dumpall's comments tell of the whole script. */
export class ScriptFacts {
  serverVersion: string | null = null;
  toolVersion: string | null = null;
  createdAt: string | null = null;
  heading: 'database' | 'cluster' | null = null;
  /** Headings seen less closing lines seen: not 0 at the end of a pg_dump script that is cut short. */
  openDumps = 0;

  /** Reads a comment; the answer tells what begins or ends with it, null when it is no comment of theirs. */
  comment(text: string): { begins: 'dump' | 'part' | 'facts'; database?: string } | null {
    const comment = text.trim();
    if (comment === 'PostgreSQL database dump') return this.#heading('database');
    if (comment === 'PostgreSQL database cluster dump') return this.#heading('cluster');
    if (/^PostgreSQL database (?:cluster )?dump complete$/.test(comment)) {
      this.openDumps--;
      return { begins: 'part' };
    }
    const database = /^Database "(.*)" dump$/.exec(comment);
    if (database) return { begins: 'part', database: database[1]!.replaceAll('""', '"') };
    if (/^(?:Roles|User Configurations|Role memberships|Tablespaces|Databases|Drop .*)$/.test(comment))
      return { begins: 'part' };
    return this.#fact(comment) ? { begins: 'facts' } : null;
  }

  #heading(scope: 'database' | 'cluster'): { begins: 'dump' } {
    this.heading ??= scope;
    this.openDumps++;
    return { begins: 'dump' };
  }

  #fact(comment: string): boolean {
    const server = /^Dumped from database version (.+)$/.exec(comment);
    const tool = /^Dumped by pg_dump version (.+)$/.exec(comment);
    const started = /^Started on (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)?( UTC)?/.exec(comment);
    if (server) this.serverVersion ??= server[1]!;
    else if (tool) this.toolVersion ??= tool[1]!;
    // Other zones are written as names that mean different things in different places.
    else if (started) this.createdAt ??= `${started[1]}T${started[2]}${started[3] ? 'Z' : ''}`;
    else return false;
    return true;
  }
}
