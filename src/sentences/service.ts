import type { Sentences } from './translator.ts';

/** Sentences of the service itself: people, accounts, keys, requests. */
export const service: Sentences = {
  'Another account has the id {0}.': 'Inne konto ma identyfikator {0}.',
  'There is no such account.': 'Nie ma takiego konta.',
  'The account is not valid: {0}.': 'Konto jest nieprawidłowe: {0}.',
  'The name of a key must have 1 to 200 characters.': 'Nazwa klucza musi mieć od 1 do 200 znaków.',
  'There is no such key.': 'Nie ma takiego klucza.',
  'Another profile has this {0}.': 'Inny profil ma tę samą wartość pola {0}.',
  'A profile cannot be merged into itself.': 'Profilu nie można scalić z nim samym.',
  'There is no profile with the id {0}.': 'Nie ma profilu o identyfikatorze {0}.',
  'This person already belongs to the account.': 'Ta osoba należy już do konta.',
  'There is no such invitation.': 'Nie ma takiego zaproszenia.',
  'The invitation is for {0}, but you are signed in as {1}.':
    'Zaproszenie jest dla adresu {0}, a jesteś na koncie {1}.',
  'Sign out and open the link again, or ask for an invitation to your own address.':
    'Wyloguj się i otwórz link ponownie albo poproś o zaproszenie na swój adres.',
  'This invitation cannot be used.': 'Tego zaproszenia nie można użyć.',
  'It may have been used, withdrawn or expired: ask whoever sent it for a new one.':
    'Mogło zostać użyte, wycofane lub wygasnąć: poproś osobę, która je wysłała, o nowe.',
  'There is no such person in this account.': 'Na tym koncie nie ma takiej osoby.',
  'Your role does not allow this.': 'Twoja rola na to nie pozwala.',
  'Ask an owner of the account to do it, or to change your role.':
    'Poproś właściciela konta, aby to zrobił albo zmienił Twoją rolę.',
  'The account would be left without an owner.': 'Konto zostałoby bez właściciela.',
  'Make somebody else an owner first.': 'Najpierw uczyń właścicielem kogoś innego.',
  'Nobody signs in with this e-mail address.': 'Nikt nie loguje się tym adresem e-mail.',
  'This is not an e-mail address.': 'To nie jest adres e-mail.',
  'must be an e-mail address': 'wymagany jest adres e-mail',
  'The password {0}.': 'Hasło {0}.',
  'Somebody already signs in with this e-mail address.': 'Ktoś już loguje się tym adresem e-mail.',
  'The stored credentials cannot be decrypted with the present secret key.':
    'Zapisanych danych logowania nie można odszyfrować obecnym tajnym kluczem.',
  'Start Wharf with the secret key they were saved with, or enter the credentials again.':
    'Uruchom Wharf z kluczem, którym zostały zapisane, albo wpisz dane logowania ponownie.',
  'There is no such address here.': 'Nie ma tu takiego adresu.',
  'Check the address; GET /v1/openapi.json lists all of them.':
    'Sprawdź adres; wszystkie wymienia GET /v1/openapi.json.',
  'There is no such account here.': 'Nie ma tu takiego konta.',
  'This request does not come from the pages of Wharf.': 'To żądanie nie pochodzi ze stron Wharf.',
  'Only the operator of this installation may do this.': 'Może to zrobić tylko operator tej instalacji.',
  'Use the operator token, which is kept in the data folder of Wharf.':
    'Użyj tokenu operatora, który leży w folderze danych Wharf.',
  'Sign in, or send an API key of the account or the operator token as "Authorization: Bearer ...".':
    'Zaloguj się albo wyślij klucz API konta lub token operatora w nagłówku „Authorization: Bearer ...”.',
  'The body is of a type this address does not take.': 'Ten adres nie przyjmuje treści tego typu.',
  'The body is empty.': 'Treść żądania jest pusta.',
  'The body is not valid JSON.': 'Treść żądania nie jest poprawnym JSON-em.',
  'Correct the JSON and send it again.': 'Popraw JSON i wyślij go ponownie.',
  'The body is too large.': 'Treść żądania jest za duża.',
  'The body is not as long as its Content-Length header says.':
    'Treść żądania ma inną długość, niż podaje nagłówek Content-Length.',
  'Send the whole body.': 'Wyślij całą treść.',
  'The address is not valid.': 'Adres jest nieprawidłowy.',
  'Correct the address.': 'Popraw adres.',
  'Sign in from the pages of Wharf itself.': 'Zaloguj się na stronach samego Wharf.',
  'An API key cannot do this.': 'Klucz API nie może tego zrobić.',
  'Ask an owner of the account, or the operator of this installation.':
    'Poproś właściciela konta albo operatora tej instalacji.',
  'A warehouse is connected, which needs the advanced data platform.':
    'Podłączona jest hurtownia, a do niej potrzebna jest zaawansowana platforma danych.',
  'Remove the integration first; the tables in the warehouse stay.':
    'Najpierw usuń integrację; tabele w hurtowni pozostaną.',
  'The cursor is not one of this list.': 'Kursor nie należy do tej listy.',
  'Take it from `next` of the page before.': 'Weź go z pola `next` poprzedniej strony.',
  'is not a cursor': 'nie jest kursorem',
  'There is no such {0} here.': 'Nie ma tu takiego elementu: {0}.',
  'Only a person can accept.': 'Przyjąć zaproszenie może tylko osoba.',
  'This is not the set-up link of this installation.': 'To nie jest link konfiguracyjny tej instalacji.',
  'Open the link that Wharf printed when it started; its last part is the operator token.':
    'Otwórz link, który Wharf wypisał przy uruchomieniu; jego ostatnia część to token operatora.',
  'This installation is set up already.': 'Ta instalacja jest już skonfigurowana.',
  'Sign in, or ask an owner for an invitation.': 'Zaloguj się albo poproś właściciela o zaproszenie.',
  'A value in {0} is not valid. {1}': 'Nieprawidłowa wartość ({0}). {1}',
  '{0} is not possible at this address.': '{0} nie jest możliwe pod tym adresem.',
  'There is no profile with this id.': 'Nie ma profilu o tym identyfikatorze.',
  'A profile needs an id, external_id, email, phone_number or anonymous_id.':
    'Profil potrzebuje id, external_id, email, phone_number lub anonymous_id.',
  'No key was sent.': 'Nie wysłano klucza.',
  'The key is not valid.': 'Klucz jest nieważny.',
  'Nobody is signed in.': 'Nikt nie jest zalogowany.',
  'Send a JSON body with the header Content-Type: application/json.':
    'Wyślij treść JSON z nagłówkiem Content-Type: application/json.',
};
