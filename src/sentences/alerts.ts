import type { Sentences } from './translator.ts';

/** Addresses of alerts, and what became of deliveries. */
export const alerts: Sentences = {
  'A webhook has a URL that begins with https:// or http://.':
    'Webhook ma adres URL, który zaczyna się od https:// lub http://.',
  'The URL must not hold a user name or password. Receivers know Wharf by the signature.':
    'Adres URL nie może zawierać nazwy użytkownika ani hasła. Odbiorca rozpoznaje Wharf po podpisie.',
  'An account has at most {0} addresses for alerts.': 'Konto może mieć najwyżej {0} adresów powiadomień.',
  'Remove one that is not needed any more.': 'Usuń ten, który nie jest już potrzebny.',
  'There is no such alert address here.': 'Nie ma tu takiego adresu powiadomień.',
  'This installation has no mail server set.': 'W tej instalacji nie ustawiono serwera poczty.',
  'A test was sent to this address a moment ago.': 'Na ten adres przed chwilą wysłano wiadomość testową.',
  'Wait {0} seconds, then send another.': 'Odczekaj {0} s, a potem wyślij następną.',
  "The mail server of this installation could not be used; the operator finds the reason in Wharf's log.":
    'Nie udało się użyć serwera poczty tej instalacji; operator znajdzie przyczynę w dzienniku Wharf.',
  'The host is not on the public internet; this installation sends webhooks to public addresses only.':
    'Host nie leży w publicznym internecie; ta instalacja wysyła webhooki tylko na adresy publiczne.',
  'The host name does not resolve to an address.': 'Nazwie hosta nie odpowiada żaden adres.',
  '{0} The URL leads elsewhere; redirects are not followed.':
    '{0} Adres URL prowadzi gdzie indziej; przekierowania nie są wykonywane.',
  'No answer within {0} seconds.': 'Brak odpowiedzi przez {0} s.',
  'The connection was refused.': 'Połączenie zostało odrzucone.',
  'The connection was closed before an answer came.': 'Połączenie zamknięto, zanim nadeszła odpowiedź.',
  'The host could not be reached.': 'Nie udało się połączyć z hostem.',
};
