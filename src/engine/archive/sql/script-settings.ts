import { setting } from './classify';

/** Changes what the script's statements mean, besides plain SET; pg_dump's own call is another one. */
const CHANGES = /standard_conforming|set_config *\( *(?!'search_path')/i;

/** The settings of a session that tell something about what its statements make. */
export class ScriptSettings {
  /** PostgreSQL's name; SQL_ASCII, unknown bytes, as long as the script says nothing. */
  encoding = 'SQL_ASCII';
  /** `standard_conforming_strings` is off. */
  escapes = false;
  tablespace = '';
  accessMethod = '';
  /** Whom SET SESSION AUTHORIZATION made the owner of what follows. */
  owner: string | null = null;
  /** A statement may change how strings are read in a way that only a server could follow. */
  unclear = false;

  /** After `\connect`: a new session. */
  reset(): void {
    this.encoding = 'SQL_ASCII';
    this.escapes = false;
    this.tablespace = this.accessMethod = '';
    this.owner = null;
  }

  /** A psql command; whether it changes any of this. */
  meta(text: string): boolean {
    if (/^\\c(?:onnect)?(?:\s|$)/.test(text)) {
      this.reset();
      return true;
    }
    const encoding = /^\\encoding\s+(\S+)$/.exec(text);
    if (encoding) this.encoding = encoding[1]!.replace(/^'(.*)'$/, '$1');
    return encoding !== null;
  }

  /** A SET or RESET statement. */
  set(text: string): void {
    const found = setting(text);
    switch (found?.name) {
      case 'client_encoding':
        this.encoding = found.value;
        break;
      case 'standard_conforming_strings':
        if (/^set\s+local\b/i.test(text)) this.unclear = true;
        else this.escapes = /^(?:off|false|no|0)$/i.test(found.value);
        break;
      case 'default_tablespace':
        this.tablespace = found.value;
        break;
      case 'default_table_access_method':
        this.accessMethod = found.value;
        break;
      case 'authorization':
        this.owner = found.value.toLowerCase() === 'default' ? null : found.value;
        break;
      default:
        if (/^reset\s+(?:session\s+authorization|all)\b/i.test(text)) this.owner = null;
        if (/standard_conforming_strings/i.test(text) || /^reset\s+all\b/i.test(text)) this.unclear = true;
    }
  }

  /** Any other statement than INSERT. */
  other(text: string): void {
    if (CHANGES.test(text)) this.unclear = true;
  }
}
