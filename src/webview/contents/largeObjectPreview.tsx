import { useEffect, useMemo } from 'preact/hooks';
import type { LargeObject } from '../../shared/contentsPage';
import { visibleText } from '../../shared/visibleText';
import { Busy, Failure } from '../components/notice';
import { fill } from '../components/text';
import { useCall } from '../components/useCall';
import type { Surroundings } from './calls';

/** Pictures of dots only: a picture made of markup is shown as the text it is. */
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif']);
const mostText = 100_000;
const mostBytes = 512;

/** The content of a large object, as far as it can be shown, and the way to keep it. */
export function Preview({ object, host, texts }: { object: LargeObject } & Surroundings) {
  const { oid } = object;
  const asked = useCall(`${oid}`, (signal) => host.call('previewLargeObject', oid, signal));
  const name = fill(texts.largeObject, oid);
  return (
    <section class="preview" aria-label={name}>
      <div class="pane-line">
        <h3>{name}</h3>
        <span class="gap" />
        <button type="button" onClick={() => void host.call('saveLargeObject', oid)}>
          {texts.save}
        </button>
      </div>
      {asked.error && <Failure error={asked.error} />}
      {asked.busy && <Busy text={texts.loading} />}
      {asked.value && <Content {...asked.value} name={name} texts={texts} />}
    </section>
  );
}

interface ContentProps extends Pick<Surroundings, 'texts'> {
  kind: 'image' | 'text' | 'binary';
  mime: string;
  bytes: Uint8Array;
  name: string;
}

function Content({ kind, mime, bytes, name, texts }: ContentProps) {
  if (kind === 'image' && pictures.has(mime)) return <Picture mime={mime} bytes={bytes} name={name} />;
  if (kind === 'binary')
    return (
      <>
        <p class="muted">{texts.noPreview}</p>
        <pre tabIndex={0}>{hexDump(bytes.subarray(0, mostBytes))}</pre>
      </>
    );
  const text = new TextDecoder().decode(bytes);
  return (
    <>
      {text.length > mostText && <p class="muted">{texts.previewCut}</p>}
      <pre tabIndex={0}>
        {text.slice(0, mostText).replace(/(?![\t\n\r])[\p{Cc}\p{Cf}\p{Cs}]/gu, visibleText)}
      </pre>
    </>
  );
}

function Picture({ mime, bytes, name }: { mime: string; bytes: Uint8Array; name: string }) {
  const url = useMemo(
    () => URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mime })),
    [bytes, mime],
  );
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return <img src={url} alt={name} />;
}

/** `00000010  89 50 4e 47 …  .PNG`, sixteen bytes a line. */
function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += 16) {
    const row = [...bytes.subarray(from, from + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${from.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
