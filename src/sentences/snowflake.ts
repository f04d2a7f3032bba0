import type { Sentences } from './translator.ts';

/** Snowflake. */
export const snowflake: Sentences = {
  'The compute warehouse can be used': 'Można używać hurtowni obliczeniowej',
  'The database is visible': 'Baza danych jest widoczna',
  'The schema is visible': 'Schemat jest widoczny',
  'A file can be uploaded, listed and removed': 'Plik można przesłać, znaleźć na liście i usunąć',
  'A probe row can be loaded, and rolled back': 'Wiersz próbny można załadować i wycofać',
  'The account answers': 'Konto odpowiada',
  'The user can sign in': 'Użytkownik może się zalogować',
  'The account did not answer.': 'Konto nie odpowiedziało.',
  'The clock of Snowflake differs by {0} s from that of Wharf.': 'Zegar Snowflake różni się od zegara Wharf o {0} s.',
  'The account told no time.': 'Konto nie podało czasu.',
  'They differ by {0} s.': 'Różnią się o {0} s.',
  'The compute warehouse {0} does not exist, or the user cannot use it.':
    'Hurtownia obliczeniowa {0} nie istnieje albo użytkownik nie może jej używać.',
  'Check the name, or run: GRANT USAGE ON WAREHOUSE {0} TO ROLE <role of the user>;':
    'Sprawdź nazwę albo uruchom: GRANT USAGE ON WAREHOUSE {0} TO ROLE <rola użytkownika>;',
  'The compute warehouse {0} is suspended and does not resume by itself.':
    'Hurtownia obliczeniowa {0} jest wstrzymana i sama się nie wznawia.',
  'Run: ALTER WAREHOUSE {0} SET AUTO_RESUME = TRUE; the sync goes on by itself.':
    'Uruchom: ALTER WAREHOUSE {0} SET AUTO_RESUME = TRUE; synchronizacja sama ruszy dalej.',
  'The database {0} does not exist, or the user cannot see it.':
    'Baza danych {0} nie istnieje albo użytkownik jej nie widzi.',
  'Check the name, or run the set-up script, which makes the database and its grants.':
    'Sprawdź nazwę albo uruchom skrypt konfiguracji, który tworzy bazę danych i jej uprawnienia.',
  'The schema {0} does not exist in {1}, or the user cannot see it.':
    'Schemat {0} nie istnieje w {1} albo użytkownik go nie widzi.',
  'Check the name, or run the set-up script, which makes the schema and its grants.':
    'Sprawdź nazwę albo uruchom skrypt konfiguracji, który tworzy schemat i jego uprawnienia.',
  'Snowflake does not know this key for this user.': 'Snowflake nie zna tego klucza u tego użytkownika.',
  'Check username and account, and that the public key of this private key is set on the user (ALTER USER ... SET RSA_PUBLIC_KEY). SYSTEM$GET_LOGIN_FAILURE_DETAILS with the id in the message tells more.':
    'Sprawdź nazwę użytkownika i konto oraz to, czy u użytkownika ustawiono klucz publiczny pasujący do tego klucza prywatnego (ALTER USER ... SET RSA_PUBLIC_KEY). Więcej powie SYSTEM$GET_LOGIN_FAILURE_DETAILS z identyfikatorem z komunikatu.',
  'The user is disabled in Snowflake.': 'Użytkownik jest w Snowflake wyłączony.',
  'Enable the user: ALTER USER ... SET DISABLED = FALSE.': 'Włącz użytkownika: ALTER USER ... SET DISABLED = FALSE.',
  'The driver cannot read the private key.': 'Sterownik nie może odczytać klucza prywatnego.',
  'Paste the private key again: the whole file rsa_key.p8.': 'Wklej klucz prywatny ponownie: cały plik rsa_key.p8.',
  'Snowflake asks this user for a second factor.': 'Snowflake żąda od tego użytkownika drugiego składnika logowania.',
  'Use a user with TYPE = SERVICE and a key pair, as the set-up script makes it.':
    'Użyj użytkownika z TYPE = SERVICE i parą kluczy, takiego jak tworzy skrypt konfiguracji.',
  'A network policy of Snowflake keeps this address out.': 'Polityka sieciowa Snowflake nie wpuszcza tego adresu.',
  "Allow Wharf's outbound addresses in the network policy of the user or the account.":
    'Wpuść adresy wychodzące Wharf w polityce sieciowej użytkownika lub konta.',
  'The default role of the user does not exist, or is not granted to it.':
    'Domyślna rola użytkownika nie istnieje albo nie została mu nadana.',
  'There is no such account at Snowflake.': 'W Snowflake nie ma takiego konta.',
  'Check the account identifier; in Snowsight it stands under Account details.':
    'Sprawdź identyfikator konta; w Snowsight jest w szczegółach konta (Account details).',
  'The compute warehouse is suspended and does not resume by itself.':
    'Hurtownia obliczeniowa jest wstrzymana i sama się nie wznawia.',
  'Let it resume: ALTER WAREHOUSE ... SET AUTO_RESUME = TRUE; the sync goes on by itself.':
    'Pozwól jej się wznawiać: ALTER WAREHOUSE ... SET AUTO_RESUME = TRUE; synchronizacja sama ruszy dalej.',
  'The role of the user lacks a privilege.': 'Roli użytkownika brakuje uprawnienia.',
  'The storage of the stage refuses Snowflake.': 'Magazyn plików pośrednich odrzuca Snowflake.',
  'The statement was cancelled in Snowflake.': 'Polecenie zostało anulowane w Snowflake.',
  'Nothing to do unless it lasts; then look who cancels it in the query history.':
    'Nie trzeba nic robić, chyba że to trwa; wtedy sprawdź w historii zapytań, kto je anuluje.',
  'The session with Snowflake ended early.': 'Sesja ze Snowflake zakończyła się przed czasem.',
  'Nothing to do; the sync signs in again by itself.':
    'Nie trzeba nic robić; synchronizacja sama zaloguje się ponownie.',
  'Snowflake answered with an error of its own.': 'Snowflake odpowiedział własnym błędem.',
  "The storage behind Snowflake's stages could not be reached.":
    'Nie udało się połączyć z magazynem, w którym Snowflake trzyma pliki pośrednie.',
  'Nothing to do unless it lasts; then allow connections to the addresses that SYSTEM$ALLOWLIST() of the account names.':
    'Nie trzeba nic robić, chyba że to trwa; wtedy wpuść połączenia do adresów, które podaje SYSTEM$ALLOWLIST() tego konta.',
  'Snowflake did not answer in time.': 'Snowflake nie odpowiedział na czas.',
  'The private key is damaged or not whole; paste the file again, with its first and last line.':
    'Klucz prywatny jest uszkodzony albo niepełny; wklej plik ponownie, z pierwszą i ostatnią linią.',
  'Snowflake needs an RSA key; this one is of another kind. Make one as the guide shows.':
    'Snowflake wymaga klucza RSA, a ten jest innego rodzaju. Utwórz klucz tak, jak pokazuje przewodnik.',
  'The key has {0} bits; Snowflake needs at least {1}.': 'Klucz ma {0} bitów; Snowflake wymaga co najmniej {1}.',
  'The probe file did not arrive in the stage of Snowflake.': 'Plik próbny nie dotarł do plików pośrednich Snowflake.',
  'Run in Snowflake as the owner of the table: {0}': 'Uruchom w Snowflake jako właściciel tabeli: {0}',
  'A staged file did not arrive in the stage of Snowflake.':
    'Przygotowany plik nie dotarł do plików pośrednich Snowflake.',
  'A change number does not fit into 64 bits.': 'Numer zmiany nie mieści się w 64 bitach.',
  'Snowflake counted {0} rows where {1} were staged; nothing was applied.':
    'Snowflake naliczył {0} wierszy, a przygotowano {1}; niczego nie zastosowano.',
  'Nobody could sign in.': 'Nikt nie mógł się zalogować.',
  'The step {0} did not pass.': 'Krok „{0}” nie powiódł się.',
  'There is no account {0} at Snowflake.': 'W Snowflake nie ma konta {0}.',
  'The schema {0} of {1} does not exist, or the user cannot see it.':
    'Schemat {0} w {1} nie istnieje albo użytkownik go nie widzi.',
  'The table {0} is missing, or the user cannot see it.': 'Brakuje tabeli {0} albo użytkownik jej nie widzi.',
  'The role of the user lacks a privilege on {0}.': 'Roli użytkownika brakuje uprawnienia do {0}.',
  'Snowflake needs an RSA key; this one is for elliptic curves. Make one as the guide shows.':
    'Snowflake wymaga klucza RSA, a ten jest dla krzywych eliptycznych. Utwórz klucz tak, jak pokazuje przewodnik.',
  'This is the public key; it belongs into the set-up script. Paste the private key (rsa_key.p8) here.':
    'To klucz publiczny, który należy do skryptu konfiguracji. Tutaj wklej klucz prywatny (rsa_key.p8).',
  'This is a certificate. Paste the private key (rsa_key.p8) here.':
    'To certyfikat. Tutaj wklej klucz prywatny (rsa_key.p8).',
  'A private key starts with -----BEGIN PRIVATE KEY-----; paste the whole file (rsa_key.p8).':
    'Klucz prywatny zaczyna się od -----BEGIN PRIVATE KEY-----; wklej cały plik (rsa_key.p8).',
  'Uploaded, listed and removed.': 'Przesłano, znaleziono na liście i usunięto.',
  'Loaded and rolled back.': 'Załadowano i wycofano.',
  'At most 255 characters.': 'Najwyżej 255 znaków.',
  'A {0} has letters, digits, _ and $, and starts with a letter or _; put any other name in double quotes, exactly as it is.':
    'Nazwa składa się z liter, cyfr, _ i $ i zaczyna się literą lub _; każdą inną podaj w cudzysłowie prostym, dokładnie tak, jak brzmi.',
  'A username has no spaces, quotes or backslashes.':
    'Nazwa użytkownika nie zawiera spacji, cudzysłowów ani ukośników odwrotnych.',
  'Paste the private key.': 'Wklej klucz prywatny.',
  'At most 20,000 characters.': 'Najwyżej 20 000 znaków.',
  'An account identifier looks like myorg-myaccount, or xy12345.eu-central-1.aws; the address of the account will do as well.':
    'Identyfikator konta wygląda jak myorg-myaccount albo xy12345.eu-central-1.aws; może to być też adres konta.',
};
