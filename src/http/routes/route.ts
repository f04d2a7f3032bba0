/** What a route file is made of: one handler per operation of the contract, typed by it. */
import type { z } from 'zod';
import type { Alerts } from '../../alerts/types.ts';
import type { Access, Endpoint, In, Out } from '../../contract/endpoint.ts';
import type { Database } from '../../db/database.ts';
import type { AnyDestination } from '../../destinations/destination.ts';
import type { Exports } from '../../exports/types.ts';
import type { Imports } from '../../imports/types.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { SignIn } from '../../people/sign-in.ts';
import type { Caller, Identity } from '../auth.ts';

export interface RestDeps {
  readonly db: Database;
  readonly exports: Exports;
  readonly imports: Imports;
  readonly alerts: Alerts;
  /** By kind, in the order they are shown. */
  readonly destinations: Readonly<Record<string, AnyDestination>>;
  readonly operatorToken: string;
  /** @throws AppError CONFLICT */
  readonly rotateSecretKey: () => Promise<{ readonly resealed: number; readonly retired: readonly string[] }>;
  readonly signIn: SignIn;
  /** Origin of the web app, where it differs from host and port. */
  readonly publicUrl?: string | undefined;
  /** CIDRs from which this installation reaches others, as the operator named them. */
  readonly outboundAddresses: readonly string[];
  readonly clock: Clock;
}

type Asker<A extends Access> = A extends 'public' ? null : A extends 'account' ? Caller : Identity;

/** One request, checked: who asks is known and admitted, and every value has the shape of the contract. */
export interface Call<E extends Endpoint> {
  readonly caller: Asker<E['access']>;
  readonly params: Out<E['params']>;
  readonly query: Out<E['query']>;
  readonly body: Out<E['body']>;
  /** Aborts when the client goes away or the server stops. */
  readonly signal: AbortSignal;
}

export type Handler<E extends Endpoint> = (
  call: Call<E>,
) => E['lines'] extends z.ZodType ? AsyncIterable<In<E['lines']>> : Promise<In<E['reply']>>;

export type Handlers<Group extends Readonly<Record<string, Endpoint>>> = {
  readonly [Name in keyof Group]: Handler<Group[Name]>;
};

export function iso(date: Date): string;
export function iso(date: Date | null): string | null;
export function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
