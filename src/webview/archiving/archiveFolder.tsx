import { useEffect, useState } from 'preact/hooks';
import type { ArchivingShown, ArchivingTexts } from '../../shared/archivingPage';
import { Icon } from '../components/text';
import { Lines } from './tables';

interface Props {
  shown: ArchivingShown;
  texts: ArchivingTexts;
  disabled: boolean;
  onFolder(path: string): void;
  onBrowse(): void;
}

/** The folder the WAL comes into: what it covers, what is missing, how it grows. */
export function ArchiveFolder({ shown, texts, disabled, onFolder, onBrowse }: Props) {
  const { folder, folderProblem, view } = shown;
  const { archive } = view;
  const [path, setPath] = useState(folder ?? '');
  useEffect(() => setPath(folder ?? ''), [folder]);
  return (
    <section aria-label={texts.archive}>
      <h2>{texts.archive}</h2>
      <form
        class="folder"
        onSubmit={(event) => {
          event.preventDefault();
          onFolder(path);
        }}
      >
        <input
          type="text"
          aria-label={texts.archive}
          spellcheck={false}
          value={path}
          onInput={({ currentTarget }) => setPath(currentTarget.value)}
        />
        {path !== (folder ?? '') && (
          <button type="submit" class="primary" disabled={disabled || path.trim() === ''}>
            {texts.useFolder}
          </button>
        )}
        <button type="button" disabled={disabled} onClick={onBrowse}>
          {texts.browse}
        </button>
      </form>
      {folder === null && <p class="muted">{texts.noArchive}</p>}
      {folderProblem !== null && (
        <p class="problem">
          <Icon name="warning" />
          <span>
            {folderProblem} <span class="muted">{texts.unreadable}</span>
          </span>
        </p>
      )}
      {archive && (
        <>
          <Lines lines={archive.facts} />
          {archive.gaps.length > 0 && (
            <ul class="notices">
              {archive.gaps.map((gap) => (
                <li key={gap}>
                  <Icon name="warning" />
                  <span>{gap}</span>
                </li>
              ))}
            </ul>
          )}
          {archive.days.length > 0 && (
            <table class="cells days" aria-label={texts.byDay}>
              <thead>
                <tr>
                  <th scope="col">{texts.day}</th>
                  <th scope="col" class="number">
                    {texts.segments}
                  </th>
                  <th scope="col" class="number">
                    {texts.size}
                  </th>
                  <td class="bar" />
                </tr>
              </thead>
              <tbody>
                {archive.days.map(({ day, segments, size, share }) => (
                  <tr key={day}>
                    <th scope="row">{day}</th>
                    <td class="number">{segments}</td>
                    <td class="number">{size}</td>
                    <td class="bar" aria-hidden="true">
                      <span style={{ width: `${Math.max(1, share * 100)}%` }} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </section>
  );
}
