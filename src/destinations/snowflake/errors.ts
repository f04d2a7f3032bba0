import { AppError } from '../../kernel/app-error.ts';
import { classify, sharedRules, type ErrorRule, type Phase } from '../rules.ts';
import type { SnowflakeSettings } from './spec.ts';

export const snowflakeRules: readonly ErrorRule[] = [...sharedRules];

export function translate(thrown: unknown, phase: Phase, settings: SnowflakeSettings): AppError {
  return classify(thrown, snowflakeRules, { secrets: [settings.privateKey], phase });
}
