import { Anchor, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { useState } from 'react';
import { enterByLink } from '../../api/sign-in.ts';
import { useWords } from '../../i18n/words.ts';
import { Card } from './card.tsx';
import { words } from './words.ts';

/** Opened from a link the operator made, whose fragment is a token that works once. */
export function SignInLink() {
  const t = useWords(words);
  const [token] = useState(() => window.location.hash.slice(1));
  const entering = useQuery({
    queryKey: ['sign-in-link', token],
    queryFn: () => enterByLink(token).then(() => true),
    retry: false,
    staleTime: Infinity,
  });
  if (entering.isSuccess) return <Navigate to="/" replace />;
  return (
    <Card title={t('signIn')} {...(entering.isError ? { lead: t('deadLink') } : {})}>
      {entering.isError ? (
        <Anchor component={Link} to="/sign-in">
          {t('withPassword')}
        </Anchor>
      ) : (
        <Skeleton height={36} />
      )}
    </Card>
  );
}
