import { admitProfile } from '../../store/door.ts';
import { deleteProfiles, mergeProfiles, type ProfileSelector } from '../../store/profile-writes.ts';
import { BodyCheck, pointerTo } from './body.ts';
import { bodyOf, type Call, type Handlers } from './call.ts';
import { address } from './document.ts';

/** Merging and deleting people. Both are done before the answer, though the original does them later. */
export const profileJobHandlers: Handlers<'merge_profiles' | 'request_profile_deletion'> = {
  async merge_profiles(call) {
    const { target, source } = readMerge(call);
    const { id } = await mergeProfiles(call.db, call.account.id, target, [source]);
    const links = { self: address(call.url, 'profiles', id) };
    return { status: 201, document: { data: { type: 'profile', id, links }, links } };
  },

  /** The answer does not tell whether there was such a person. */
  async request_profile_deletion(call) {
    await deleteProfiles(call.db, call.account.id, readSelector(call));
    return { status: 202 };
  },
};

/** The profile that stays, and the one that goes. @throws ApiError 400 */
function readMerge(call: Call): { readonly target: string; readonly source: string } {
  const check = new BodyCheck();
  const merge = check.resource(check.data(bodyOf(call)), 'profile-merge', '/data');
  const target = (merge && check.requiredText(merge, 'id', '/data')) ?? '';
  const at = '/data/relationships/profiles';
  const relationships = merge && check.object(merge['relationships'], '/data/relationships');
  const profiles = relationships && check.object(relationships['profiles'], at);
  const sources = (profiles && check.array(profiles['data'], `${at}/data`)) ?? [];
  const resource = sources.length === 1 ? check.resource(sources[0], 'profile', `${at}/data/0`) : null;
  const source = (resource && check.requiredText(resource, 'id', `${at}/data/0`)) ?? '';
  if (profiles && sources.length !== 1) check.add(`${at}/data`, 'Exactly one profile can be merged at a time.');
  if (source !== '' && source === target) check.add(`${at}/data/0/id`, 'A profile cannot be merged into itself.');
  check.throwIfAny();
  return { target, source };
}

/** @throws ApiError 400 unless exactly one of id, email and phone_number is given */
function readSelector(call: Call): ProfileSelector {
  const check = new BodyCheck();
  const at = '/data/attributes/profile';
  const job = check.attributes(check.data(bodyOf(call)), 'data-privacy-deletion-job', '/data');
  const wrapper = job && check.object(job['profile'], at);
  const profile = wrapper && check.resource(wrapper['data'], 'profile', `${at}/data`);
  // attributes may be left out when the id is given
  const attributes = (profile && check.object(profile['attributes'] ?? {}, `${at}/data/attributes`)) ?? {};
  const id = profile ? check.text(profile, 'id', `${at}/data`) : null;
  const email = check.text(attributes, 'email', `${at}/data/attributes`);
  const phoneNumber = check.text(attributes, 'phone_number', `${at}/data/attributes`);
  check.throwIfAny();
  const given: ProfileSelector[] = [
    ...(typeof id === 'string' ? [{ id }] : []),
    ...(typeof email === 'string' ? [{ email }] : []),
    ...(typeof phoneNumber === 'string' ? [{ phoneNumber }] : []),
  ];
  const [selector] = given;
  if (!selector || given.length > 1) check.add(`${at}/data`, 'Exactly one of id, email and phone_number is required.');
  const admitted = admitProfile(selector ?? {});
  if ('problems' in admitted) {
    for (const { path, message } of admitted.problems) check.add(pointerTo(`${at}/data/attributes`, path), message);
  }
  check.throwIfAny();
  return selector ?? { id: '' };
}
