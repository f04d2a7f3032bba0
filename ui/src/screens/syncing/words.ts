import { defineWords } from '../../i18n/words.ts';

export const words = defineWords({
  en: {
    title: 'Syncing',
    lead: 'Profiles and events flow to your data warehouse every hour.',
    emptyTitle: 'Connect your data warehouse',
    emptyText:
      'Wharf sends every profile and event to tables you can query: first the history, then what is new each hour. It takes about ten minutes and the right to run a script in your warehouse.',
    select: 'Select a connector',
    enabled: 'Enabled',
    off: 'Off',
    destination: 'Destination',
    errorsLastDay_one: '{{count}} error in the last 24 hours',
    errorsLastDay_other: '{{count}} errors in the last 24 hours',
    lastSync: 'Last sync',
    never: 'Not yet',
    open: 'Open',
  },
  pl: {
    title: 'Synchronizacja',
    lead: 'Profile i zdarzenia trafiają do hurtowni danych co godzinę.',
    emptyTitle: 'Połącz hurtownię danych',
    emptyText:
      'Wharf wysyła każdy profil i każde zdarzenie do tabel, które można odpytywać: najpierw historię, potem co godzinę to, co nowe. Zajmuje to około dziesięciu minut i wymaga prawa do uruchomienia skryptu w hurtowni.',
    select: 'Wybierz łącznik',
    enabled: 'Włączone',
    off: 'Wyłączone',
    destination: 'Miejsce docelowe',
    errorsLastDay_one: '{{count}} błąd w ostatnich 24 godzinach',
    errorsLastDay_few: '{{count}} błędy w ostatnich 24 godzinach',
    errorsLastDay_many: '{{count}} błędów w ostatnich 24 godzinach',
    errorsLastDay_other: '{{count}} błędu w ostatnich 24 godzinach',
    lastSync: 'Ostatnia synchronizacja',
    never: 'Jeszcze nie',
    open: 'Otwórz',
  },
});
