import type { RestoreDraft } from '../../shared/restorePage';

type Request = RestoreDraft['request'];

/** The draft with some of its request changed. */
export function asking(draft: RestoreDraft, more: Partial<Request>): RestoreDraft {
  return { ...draft, request: { ...draft.request, ...more } };
}

/** The draft with an option of the tool set, or taken away. */
export function withOption(draft: RestoreDraft, name: string, on: boolean): RestoreDraft {
  const { [name]: _, ...others } = draft.request.options ?? {};
  return asking(draft, { options: on ? { ...others, [name]: true } : others });
}

/** The draft without some part of its request. */
export function without(draft: RestoreDraft, part: keyof Request): RestoreDraft {
  const { [part]: _, ...request } = draft.request;
  return { ...draft, request: request as Request };
}

export type NameKind = 'schemas' | 'owners' | 'tablespaces';
export const nameKinds: readonly NameKind[] = ['schemas', 'owners', 'tablespaces'];

/** The draft with another name for something; null takes it away. */
export function renaming(draft: RestoreDraft, kind: NameKind, from: string, to: string | null): RestoreDraft {
  const { [from]: _, ...others } = draft.request.rename?.[kind] ?? {};
  const rename = { ...draft.request.rename, [kind]: to === null ? others : { ...others, [from]: to } };
  const some = nameKinds.some((one) => Object.keys(rename[one] ?? {}).length > 0);
  return some ? asking(draft, { rename }) : without(draft, 'rename');
}
