import { ObjectText } from '../kernel/json-text.ts';
import type { ConsentChange } from '../store/consent.ts';
import type { ProfileWrite } from '../store/profile.ts';
import { CellError, columnOf, compileProperties, converted, type Cells } from './cells.ts';
import { readDate } from './dates.ts';
import { nullMarker } from './fields.ts';
import type { Mapping } from './mapping.ts';
import { converters, quoted } from './values.ts';

type Draft = { -readonly [Key in keyof ProfileWrite]: ProfileWrite[Key] };
type Step = (draft: Draft, cells: Cells) => void;

const textFields = [
  ['email', 'email'],
  ['phone_number', 'phoneNumber'],
  ['external_id', 'externalId'],
  ['first_name', 'firstName'],
  ['last_name', 'lastName'],
  ['organization', 'organization'],
  ['title', 'title'],
  ['locale', 'locale'],
  ['image', 'image'],
] as const;

/** Reads a row of a file of profiles. @throws CellError */
export function compileProfiles(mapping: Mapping, mayConsent: boolean): (cells: Cells) => ProfileWrite {
  const steps: Step[] = [
    ...textSteps(mapping, 'clear'),
    ...locationSteps(mapping),
    ...consentSteps(mapping, mayConsent),
  ];
  const properties = compileProperties(mapping, 'clear');
  return (cells) => {
    const draft: Draft = {};
    for (const step of steps) step(draft, cells);
    requireIdentifier(draft);
    const json = properties(cells);
    if (json) draft.properties = json;
    return draft;
  };
}

/** Reads the person of an event: only who it is. @throws CellError */
export function compilePerson(mapping: Mapping): (cells: Cells) => ProfileWrite {
  const steps = textSteps(mapping, 'leave-out');
  return (cells) => {
    const draft: Draft = {};
    for (const step of steps) step(draft, cells);
    requireIdentifier(draft);
    return draft;
  };
}

function requireIdentifier({ id, externalId, email, phoneNumber }: Draft): void {
  if (id || externalId || email || phoneNumber) return;
  throw new CellError(null, 'The row names no person: its identifiers are empty.');
}

/** What the null marker does: an event says nothing about who its person no longer is. */
type OnNull = 'clear' | 'leave-out';

function textSteps(mapping: Mapping, onNull: OnNull): Step[] {
  const id = columnOf(mapping, 'id');
  const steps: Step[] = textFields.flatMap(([field, key]) => {
    const index = columnOf(mapping, field);
    if (index === -1) return [];
    return (draft, cells) => {
      const cell = cells[index];
      if (!cell || (cell === nullMarker && onNull === 'leave-out')) return;
      draft[key] = cell === nullMarker ? null : cell;
    };
  });
  if (id !== -1) {
    steps.push((draft, cells) => {
      const cell = cells[id];
      if (cell && cell !== nullMarker) draft.id = cell;
    });
  }
  return steps;
}

function locationSteps(mapping: Mapping): Step[] {
  const parts = mapping.columns.flatMap(({ target }, index) => {
    const name = target.startsWith('location/') ? target.slice('location/'.length) : null;
    if (name === null) return [];
    const convert = name === 'latitude' || name === 'longitude' ? converters.number : converters.text;
    return { index, key: `${JSON.stringify(name)}:`, convert };
  });
  if (parts.length === 0) return [];
  return [
    (draft, cells) => {
      let text = '';
      for (const { index, key, convert } of parts) {
        const cell = cells[index];
        if (!cell) continue;
        const value = cell === nullMarker ? 'null' : converted(cell, index, convert);
        text += `${text === '' ? '' : ','}${key}${value}`;
      }
      if (text !== '') draft.location = new ObjectText(`{${text}}`);
    },
  ];
}

const statuses: Readonly<Record<string, ConsentChange['status']>> = {
  subscribe: 'SUBSCRIBED',
  subscribed: 'SUBSCRIBED',
  unsubscribe: 'UNSUBSCRIBED',
  unsubscribed: 'UNSUBSCRIBED',
  neversubscribed: 'NEVER_SUBSCRIBED',
};

interface ConsentColumns {
  readonly channel: ConsentChange['channel'];
  readonly kind: ConsentChange['kind'];
  readonly index: number;
  readonly atIndex: number;
}

function consentSteps(mapping: Mapping, mayConsent: boolean): Step[] {
  const kinds = [
    ['email', 'marketing'],
    ['sms', 'marketing'],
    ['sms', 'transactional'],
  ] as const;
  const columns = kinds.flatMap(([channel, kind]): ConsentColumns[] => {
    const index = columnOf(mapping, `consent/${channel}/${kind}`);
    return index === -1 ? [] : [{ channel, kind, index, atIndex: columnOf(mapping, `consent_at/${channel}/${kind}`) }];
  });
  if (columns.length === 0) return [];
  return [
    (draft, cells) => {
      const changes = columns.flatMap((one) => readConsent(one, cells, mayConsent));
      if (changes.length > 0) draft.consents = withTransactional(changes);
    },
  ];
}

function readConsent(columns: ConsentColumns, cells: Cells, mayConsent: boolean): ConsentChange[] {
  const { channel, kind, index, atIndex } = columns;
  const cell = cells[index];
  if (!cell || cell === nullMarker) return [];
  if (!mayConsent) throw new CellError(index, 'The key this file was uploaded with may not change consent.');
  const status = statuses[cell.toLowerCase().replaceAll(/[\s_-]/g, '')];
  if (!status) {
    throw new CellError(index, `${quoted(cell)} is not Subscribed, Unsubscribed or Never Subscribed.`);
  }
  const at = cells[atIndex];
  if (!at || at === nullMarker) return [{ channel, kind, status }];
  const read = readDate(at);
  if ('problem' in read) throw new CellError(atIndex, `${quoted(at)} ${read.problem}`);
  return [{ channel, kind, status, at: new Date(read.ms) }];
}

/** Who agrees to marketing by SMS agrees to what concerns their orders, unless the file says otherwise. */
function withTransactional(changes: readonly ConsentChange[]): readonly ConsentChange[] {
  const marketing = changes.find((one) => one.channel === 'sms' && one.kind === 'marketing');
  const isSaid = changes.some((one) => one.kind === 'transactional');
  if (marketing?.status !== 'SUBSCRIBED' || isSaid) return changes;
  return [...changes, { ...marketing, kind: 'transactional' }];
}
