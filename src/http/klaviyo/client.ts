import { recordEvents } from '../../store/event-writes.ts';
import { upsertProfiles } from '../../store/profile-writes.ts';
import { bodyOf, type Handlers } from './call.ts';
import { readClientBulkEvents, readEvent } from './event-body.ts';
import { readOneProfile } from './profiles.ts';

/**
 * What browsers and apps may send without a key. The answer is always 202 and empty: it must not tell whether somebody
 * is known here.
 */
export const clientHandlers: Handlers<'create_client_event' | 'create_client_profile' | 'bulk_create_client_events'> = {
  async create_client_event(call) {
    await recordEvents(call.db, call.account.id, [readEvent(bodyOf(call), call.clock.now())], { admitted: true });
    return { status: 202 };
  },

  async create_client_profile(call) {
    await upsertProfiles(call.db, call.account.id, [readOneProfile(call)], { onExisting: 'update' });
    return { status: 202 };
  },

  async bulk_create_client_events(call) {
    await recordEvents(call.db, call.account.id, readClientBulkEvents(bodyOf(call), call.clock.now()), {
      admitted: true,
    });
    return { status: 202 };
  },
};
