import { Alert, Anchor, Skeleton, Stepper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, type RefObject } from 'react';
import type { DestinationKind } from '#contract/destinations.ts';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAccount, useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { PlanOffer } from '../syncing/plan-offer.tsx';
import { CredentialsStep } from './credentials-step.tsx';
import { ConnectorStep } from './connector-step.tsx';
import { DataStep } from './data-step.tsx';
import { useDraft, withKind, type ChangeDraft, type Draft } from './draft.ts';
import { HistoryStep } from './history-step.tsx';
import { ReviewStep } from './review-step.tsx';
import { ScriptStep } from './script-step.tsx';
import classes from './stepper.module.css';
import { words } from './words.ts';

/** What every step gets. */
export interface StepProps {
  readonly kind: DestinationKind;
  readonly draft: Draft;
  readonly change: ChangeDraft;
  readonly back: () => void;
  readonly next: () => void;
}

const nothing: readonly DestinationKind[] = [];

/** The wizard: connector, script, credentials, data, history, test and review. */
export function Connect() {
  const t = useWords(words);
  const params = useAccountParams();
  const present = useQuery(ask(endpoints.getConnection, { params }));
  const kinds = useQuery(ask(endpoints.listDestinations, {}));
  const plan = useAccount()?.plan;
  const failed = [kinds, present].find(({ error, data }) => error && !data);
  return (
    <Page title={t('title')} lead={t('lead')}>
      {failed?.error && <Failure error={failed.error} retry={() => void failed.refetch()} />}
      {present.data?.connection && <AlreadyConnected id={present.data.connection.id} />}
      {!(kinds.data && present.data) && !failed && <Skeleton height={240} radius="md" />}
      {kinds.data &&
        present.data?.connection === null &&
        (plan === 'basic' ? <PlanOffer /> : <Wizard kinds={kinds.data.data} />)}
    </Page>
  );
}

function AlreadyConnected({ id }: { id: string }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  return (
    <Alert color="orange" title={t('already')}>
      {t('alreadyAdvice')}{' '}
      <Anchor c="inherit" component={Link} to={`/a/${account}/syncing/${id}`}>
        {t('openIt')}
      </Anchor>
    </Alert>
  );
}

function Wizard({ kinds = nothing }: { kinds: readonly DestinationKind[] }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  const navigate = useNavigate();
  const { kind: asked } = useSearch({ strict: false }) as { kind?: string };
  const [draft, change, clear] = useDraft(account, kinds, asked);
  const kind = kinds.find((one) => one.kind === draft.kind);
  const step = kind ? draft.step : 0;
  const choose = (chosen: DestinationKind): void => {
    change(withKind(draft, chosen));
    // the address must not choose again after a reload
    void navigate({ to: '.', search: {} as never, replace: true });
  };
  const finish = (connection: string): void => {
    clear();
    void navigate({ to: `/a/${account}/syncing/${connection}`, search: { connected: true } as never });
  };
  const content = useArrival(step);
  const labels = ['connector', 'script', 'credentials', 'data', 'history', 'review'] as const;
  const props = kind && {
    kind,
    draft,
    change,
    back: () => change({ step: step - 1 }),
    next: () => change({ step: step + 1 }),
  };
  return (
    <>
      <Stepper
        active={step}
        onStepClick={(chosen) => change({ step: chosen })}
        allowNextStepsSelect={false}
        size="sm"
        wrap={false}
        classNames={classes}
        iconSize={30}
      >
        {labels.map((label) => (
          <Stepper.Step key={label} label={t(label)} />
        ))}
      </Stepper>
      <div ref={content} tabIndex={-1} role="group" aria-label={t(labels[step] ?? 'connector')}>
        {step === 0 && <ConnectorStep kinds={kinds} chosen={draft.kind} choose={choose} />}
        {props && step === 1 && <ScriptStep {...props} />}
        {props && step === 2 && <CredentialsStep {...props} />}
        {props && step === 3 && <DataStep {...props} />}
        {props && step === 4 && <HistoryStep {...props} />}
        {props && step === 5 && <ReviewStep {...props} finish={finish} />}
      </div>
    </>
  );
}

/** The button that led to a step is gone with the step before: the keys go on from the new one's beginning. */
function useArrival(step: number): RefObject<HTMLDivElement | null> {
  const content = useRef<HTMLDivElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    content.current?.focus();
  }, [step]);
  return content;
}
