import type { Progress } from './hooks/useContents';

/** What the host is busy with, one line each. */
export function ProgressLines({ progress }: { progress: Progress[] }) {
  return (
    <>
      {progress.map(({ task, fraction, text }) => (
        <div key={task} class="progress">
          <span>{text}</span>
          <progress max={1} value={fraction ?? undefined} aria-label={text} />
        </div>
      ))}
    </>
  );
}
