interface Named {
  readonly id: string;
  readonly email: string | null;
  readonly phoneNumber: string | null;
  readonly externalId: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** First and last name; null without either. */
export function fullName({ firstName, lastName }: Named): string | null {
  return [firstName, lastName].filter(Boolean).join(' ') || null;
}

/** What tells a person best. */
export function personName(person: Named): string {
  return fullName(person) ?? person.email ?? person.phoneNumber ?? person.externalId ?? person.id;
}
