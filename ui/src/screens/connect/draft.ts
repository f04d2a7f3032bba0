/** What is typed in the wizard, kept over reloads and an expired session; secrets stay in memory only. */
import { useEffect, useState } from 'react';
import type { Selection } from '#contract/connection.ts';
import type { DestinationKind, Settings } from '#contract/destinations.ts';

export interface Draft {
  readonly kind: string | null;
  readonly name: string;
  readonly settings: Settings;
  readonly selection: Selection;
  readonly step: number;
}

export const emptyDraft: Draft = {
  kind: null,
  name: '',
  settings: {},
  selection: { objects: ['profiles', 'events'], excludedIntegrations: [], metrics: null, history: 'all' },
  step: 0,
};

export const credentialsStep = 2;

export type ChangeDraft = (change: Partial<Draft>) => void;

/** One draft an account; `asked`, when it is a kind, is chosen already. */
export function useDraft(
  account: string,
  kinds: readonly DestinationKind[],
  asked: string | undefined,
): readonly [Draft, ChangeDraft, () => void] {
  const key = `wharf-connect-${account}`;
  const [draft, setDraft] = useState<Draft>(() => {
    const kept = read(key);
    const kind = kinds.find((one) => one.kind === asked);
    return kind && kind.kind !== kept.kind ? withKind(kept, kind) : kept;
  });
  useEffect(() => {
    const kind = kinds.find((one) => one.kind === draft.kind);
    sessionStorage.setItem(key, JSON.stringify({ ...draft, settings: withoutSecrets(draft.settings, kind) }));
  }, [key, draft, kinds]);
  return [
    draft,
    (change) => setDraft((before) => ({ ...before, ...change })),
    () => {
      sessionStorage.removeItem(key);
      setDraft(emptyDraft);
    },
  ];
}

/** What was typed for another kind goes. */
export function withKind(draft: Draft, kind: DestinationKind): Draft {
  const kept = kind.kind === draft.kind ? draft.settings : {};
  return { ...draft, kind: kind.kind, name: kind.label, settings: withDefaults(kind, kept), step: 1 };
}

/** The defaults of the form, for what nobody has typed yet. */
function withDefaults(kind: DestinationKind, settings: Settings): Settings {
  const defaults = kind.fields.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]]));
  return { ...(Object.fromEntries(defaults) as Settings), ...settings };
}

export function withoutSecrets(settings: Settings, kind: DestinationKind | undefined): Settings {
  const secret = new Set(kind?.fields.filter((field) => field.secret).map((field) => field.name));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => kind && !secret.has(name)));
}

function read(key: string): Draft {
  try {
    const kept = { ...emptyDraft, ...(JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<Draft>) };
    // secrets are gone, so that they are asked for again
    return { ...kept, step: Math.min(kept.step, credentialsStep) };
  } catch {
    return emptyDraft;
  }
}
