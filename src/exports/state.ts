/** The seven statuses of a sync and every way between them. Pure: no clock, no database. */

export const syncStatuses = ['completed', 'scheduled', 'in_progress', 'error', 'failed', 'paused', 'disabled'] as const;

export type SyncStatus = (typeof syncStatuses)[number];

export const syncEvents = [
  /** A run begins or goes on: it is due. */
  'start',
  /** An attempt failed and will be repeated by itself. */
  'fail',
  /** An attempt failed and a person must act. */
  'give-up',
  /** The run ended well and another follows at its time. */
  'finish',
  /** The run ended well and none follows: historical only. */
  'complete',
  /** New work for a sync, also one that had completed: a back-fill. */
  'add-work',
  'pause',
  'resume',
  're-enable',
  /** The open run is given up by hand; the next one comes at its time: periodic only. */
  'cancel',
  /** The open run is given up by hand and waits for a resume: historical only. */
  'cancel-and-hold',
  /** Start the next run or attempt at once. */
  'sync-now',
  /** The connection was switched off or removed, or the data object left the selection. */
  'disable',
  /** The connection was switched on again, with work left. */
  'enable',
  /** The connection was switched on again and a historical sync has nothing left to do. */
  'enable-idle',
  /** The connection was switched on again, and the sync had been paused by hand before. */
  'enable-held',
] as const;

export type SyncEvent = (typeof syncEvents)[number];

/** `ignored`: nothing changes and nobody needs to know. `impossible`: the caller is told CONFLICT, or it is a bug. */
export type Outcome = SyncStatus | 'ignored' | 'impossible';

export const transitions: Readonly<Record<SyncStatus, Readonly<Record<SyncEvent, Outcome>>>> = {
  completed: {
    start: 'impossible',
    fail: 'impossible',
    'give-up': 'impossible',
    finish: 'impossible',
    complete: 'impossible',
    'add-work': 'scheduled',
    pause: 'impossible',
    resume: 'impossible',
    're-enable': 'impossible',
    cancel: 'impossible',
    'cancel-and-hold': 'impossible',
    'sync-now': 'impossible',
    disable: 'disabled',
    enable: 'ignored',
    'enable-idle': 'ignored',
    'enable-held': 'ignored',
  },
  scheduled: {
    start: 'in_progress',
    // a batch that was in hand when the sync was paused and resumed
    fail: 'error',
    'give-up': 'failed',
    finish: 'scheduled',
    complete: 'completed',
    'add-work': 'scheduled',
    pause: 'paused',
    resume: 'ignored',
    're-enable': 'ignored',
    cancel: 'scheduled',
    'cancel-and-hold': 'paused',
    'sync-now': 'scheduled',
    disable: 'disabled',
    enable: 'ignored',
    'enable-idle': 'ignored',
    'enable-held': 'ignored',
  },
  in_progress: {
    start: 'ignored',
    fail: 'error',
    'give-up': 'failed',
    finish: 'scheduled',
    complete: 'completed',
    'add-work': 'ignored',
    pause: 'paused',
    resume: 'ignored',
    're-enable': 'ignored',
    cancel: 'scheduled',
    'cancel-and-hold': 'paused',
    'sync-now': 'ignored',
    disable: 'disabled',
    enable: 'ignored',
    'enable-idle': 'ignored',
    'enable-held': 'ignored',
  },
  error: {
    start: 'in_progress',
    fail: 'error',
    'give-up': 'failed',
    finish: 'scheduled',
    complete: 'completed',
    'add-work': 'ignored',
    pause: 'paused',
    resume: 'ignored',
    're-enable': 'scheduled',
    cancel: 'scheduled',
    'cancel-and-hold': 'paused',
    'sync-now': 'scheduled',
    disable: 'disabled',
    enable: 'ignored',
    'enable-idle': 'ignored',
    'enable-held': 'ignored',
  },
  failed: {
    start: 'impossible',
    // batches that were in hand when another one gave up
    fail: 'ignored',
    'give-up': 'ignored',
    // the batch that gave up is not loaded, so the run cannot have ended
    finish: 'impossible',
    complete: 'impossible',
    'add-work': 'ignored',
    pause: 'paused',
    resume: 'impossible',
    're-enable': 'scheduled',
    cancel: 'scheduled',
    'cancel-and-hold': 'paused',
    'sync-now': 'impossible',
    disable: 'disabled',
    enable: 'ignored',
    'enable-idle': 'ignored',
    'enable-held': 'ignored',
  },
  paused: {
    start: 'impossible',
    fail: 'ignored',
    'give-up': 'failed',
    // the batch in hand was the last one
    finish: 'ignored',
    complete: 'completed',
    'add-work': 'ignored',
    pause: 'ignored',
    resume: 'scheduled',
    're-enable': 'scheduled',
    cancel: 'ignored',
    'cancel-and-hold': 'ignored',
    'sync-now': 'impossible',
    disable: 'disabled',
    enable: 'ignored',
    'enable-idle': 'ignored',
    'enable-held': 'ignored',
  },
  disabled: {
    start: 'impossible',
    fail: 'ignored',
    'give-up': 'ignored',
    finish: 'ignored',
    complete: 'ignored',
    'add-work': 'scheduled',
    pause: 'impossible',
    resume: 'impossible',
    're-enable': 'impossible',
    cancel: 'ignored',
    'cancel-and-hold': 'ignored',
    'sync-now': 'impossible',
    disable: 'ignored',
    enable: 'scheduled',
    'enable-idle': 'completed',
    'enable-held': 'paused',
  },
};

/** The status after an event, or null when the event cannot happen in this status. */
export function nextStatus(status: SyncStatus, event: SyncEvent): SyncStatus | null {
  const outcome = transitions[status][event];
  if (outcome === 'impossible') return null;
  return outcome === 'ignored' ? status : outcome;
}
