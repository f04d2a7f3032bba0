import type { Sentences } from './translator.ts';

/** Sentences about any warehouse, its connection and its syncs. */
export const warehouses: Sentences = {
  'The warehouse refused the credentials.': 'Hurtownia odrzuciła dane logowania.',
  'Enter the credentials again and test the connection.': 'Wpisz dane logowania ponownie i przetestuj połączenie.',
  'The credentials have expired.': 'Dane logowania wygasły.',
  'Create new credentials and enter them in the connection.': 'Utwórz nowe dane logowania i wpisz je w połączeniu.',
  'The warehouse user is locked for now.': 'Użytkownik hurtowni jest chwilowo zablokowany.',
  'Unlock the user in the warehouse, or wait; the sync resumes by itself.':
    'Odblokuj użytkownika w hurtowni albo poczekaj; synchronizacja sama się wznowi.',
  'The clocks of Wharf and the warehouse differ too much.': 'Zegary Wharf i hurtowni za bardzo się różnią.',
  'Set the clock of the machine that runs Wharf (NTP).': 'Ustaw zegar komputera, na którym działa Wharf (NTP).',
  'A permission is missing.': 'Brakuje uprawnienia.',
  'Run the set-up script again, or grant the permission that is named in the message.':
    'Uruchom ponownie skrypt konfiguracji albo nadaj uprawnienie wymienione w komunikacie.',
  'The warehouse account does not exist.': 'Konto hurtowni nie istnieje.',
  'Check the account or host in the connection.': 'Sprawdź konto lub host w połączeniu.',
  'The database does not exist, or the user cannot see it.': 'Baza danych nie istnieje albo użytkownik jej nie widzi.',
  'Check the database name, and that the user may see it.':
    'Sprawdź nazwę bazy danych i to, czy użytkownik może ją widzieć.',
  'The schema does not exist, or the user cannot see it.': 'Schemat nie istnieje albo użytkownik go nie widzi.',
  'Check the schema name, and that the user may see it.':
    'Sprawdź nazwę schematu i to, czy użytkownik może go widzieć.',
  'A table is missing, or the user cannot see it.': 'Brakuje tabeli albo użytkownik jej nie widzi.',
  'Run the set-up script; it creates the tables and their grants.':
    'Uruchom skrypt konfiguracji; tworzy on tabele i ich uprawnienia.',
  'The bucket or container does not exist, or the user cannot see it.':
    'Zasobnik lub kontener nie istnieje albo użytkownik go nie widzi.',
  'Check the bucket name and region, and that the user may see it.':
    'Sprawdź nazwę i region zasobnika oraz to, czy użytkownik może go widzieć.',
  'The compute warehouse does not exist, or the user cannot use it.':
    'Hurtownia obliczeniowa nie istnieje albo użytkownik nie może jej używać.',
  'Check the warehouse name and its USAGE grant.': 'Sprawdź nazwę hurtowni obliczeniowej i jej uprawnienie USAGE.',
  'The role does not exist, or was not granted.': 'Rola nie istnieje albo nie została nadana.',
  'Run the set-up script again; it creates and grants the role.':
    'Uruchom ponownie skrypt konfiguracji; tworzy on rolę i ją nadaje.',
  'The warehouse does not accept connections from this address.': 'Hurtownia nie przyjmuje połączeń z tego adresu.',
  'Allow the outbound addresses of Wharf in the firewall or network policy of the warehouse.':
    'Wpuść adresy wychodzące Wharf w zaporze lub polityce sieciowej hurtowni.',
  'The warehouse could not be reached.': 'Nie udało się połączyć z hurtownią.',
  'Nothing to do unless it lasts; then check the host name and the network.':
    'Nie trzeba nic robić, chyba że to trwa; wtedy sprawdź nazwę hosta i sieć.',
  'The warehouse is paused.': 'Hurtownia jest wstrzymana.',
  'Resume the warehouse; the sync goes on by itself.': 'Wznów hurtownię; synchronizacja sama ruszy dalej.',
  'The warehouse refuses work for billing reasons.': 'Hurtownia odmawia pracy z powodu rozliczeń.',
  'Settle billing or the spending limit in the warehouse console.':
    'Ureguluj rozliczenia lub limit wydatków w konsoli hurtowni.',
  'The warehouse asked us to slow down.': 'Hurtownia poprosiła, żeby zwolnić.',
  'Nothing to do; the sync retries by itself.': 'Nie trzeba nic robić; synchronizacja sama ponowi próbę.',
  'A quota of the warehouse is used up.': 'Limit hurtowni jest wyczerpany.',
  'Wait for the quota to renew, or raise it; the sync goes on by itself.':
    'Poczekaj na odnowienie limitu albo go zwiększ; synchronizacja sama ruszy dalej.',
  'Another job was writing to the same tables.': 'Inne zadanie zapisywało do tych samych tabel.',
  'The warehouse did not answer in time.': 'Hurtownia nie odpowiedziała na czas.',
  'Nothing to do unless it lasts; then give the warehouse more capacity.':
    'Nie trzeba nic robić, chyba że to trwa; wtedy daj hurtowni więcej mocy.',
  'The warehouse has no room left.': 'W hurtowni nie ma już miejsca.',
  'Free or add storage; then re-enable the sync.': 'Zwolnij lub dodaj miejsce, a potem włącz synchronizację ponownie.',
  'The warehouse is under maintenance.': 'Trwa konserwacja hurtowni.',
  'Nothing to do; the sync goes on by itself.': 'Nie trzeba nic robić; synchronizacja sama ruszy dalej.',
  'A table does not have the columns the sync needs.': 'Tabela nie ma kolumn, których potrzebuje synchronizacja.',
  'Run the statement that is shown, or recreate the table with the set-up script.':
    'Uruchom pokazane polecenie albo utwórz tabelę na nowo skryptem konfiguracji.',
  'A row is larger than the warehouse accepts.': 'Wiersz jest większy, niż hurtownia przyjmuje.',
  'Shorten the value that is named in the message; then run the sync again.':
    'Skróć wartość wskazaną w komunikacie, a potem uruchom synchronizację ponownie.',
  'The warehouse could not read a row.': 'Hurtownia nie mogła odczytać wiersza.',
  'Correct the value that is named in the message; then run the sync again.':
    'Popraw wartość wskazaną w komunikacie, a potem uruchom synchronizację ponownie.',
  'A field of the connection is not valid.': 'Pole połączenia jest nieprawidłowe.',
  'Correct the field that is named in the message.': 'Popraw pole wskazane w komunikacie.',
  'The bucket is in another region.': 'Zasobnik leży w innym regionie.',
  'Enter the region that is named in the message.': 'Wpisz region wskazany w komunikacie.',
  'Another program has the warehouse file open.': 'Inny program ma otwarty plik hurtowni.',
  'Close the program that holds the file; the sync retries by itself.':
    'Zamknij program, który trzyma plik; synchronizacja sama ponowi próbę.',
  'The warehouse file is damaged or not of the expected kind.': 'Plik hurtowni jest uszkodzony albo innego rodzaju.',
  'Move the file away or restore it from a backup; then re-enable the sync.':
    'Przenieś plik albo przywróć go z kopii zapasowej, a potem włącz synchronizację ponownie.',
  'A batch held one key twice.': 'Jakiś klucz powtórzył się w partii.',
  'Please report this with the run id; no row was changed.':
    'Zgłoś to, podając identyfikator przebiegu; żaden wiersz nie został zmieniony.',
  'The warehouse counted other rows than were staged; nothing was applied.':
    'Hurtownia naliczyła inną liczbę wierszy, niż przygotowano; niczego nie zastosowano.',
  'The sync retries; if it lasts, please report it with the run id.':
    'Synchronizacja ponawia próby; jeśli to trwa, zgłoś to, podając identyfikator przebiegu.',
  'A staged file is missing.': 'Brakuje przygotowanego pliku.',
  'Nothing to do; the rows are staged again.': 'Nie trzeba nic robić; wiersze zostaną przygotowane ponownie.',
  'A staged file was damaged on its way.': 'Przygotowany plik uległ uszkodzeniu po drodze.',
  'Another worker has taken over this work.': 'Tę pracę przejął inny proces roboczy.',
  'Nothing to do; the other worker finishes it.': 'Nie trzeba nic robić; drugi proces ją dokończy.',
  'The work was cancelled.': 'Praca została anulowana.',
  'Nothing to do.': 'Nie trzeba nic robić.',
  "Wharf's own database did not answer.": 'Własna baza danych Wharf nie odpowiedziała.',
  'Nothing to do unless it lasts; then check the database of Wharf.':
    'Nie trzeba nic robić, chyba że to trwa; wtedy sprawdź bazę danych Wharf.',
  'The request is not valid.': 'Żądanie jest nieprawidłowe.',
  'There is no such thing here.': 'Nie ma tu czegoś takiego.',
  'Check the identifier.': 'Sprawdź identyfikator.',
  'The request does not fit the present state.': 'Żądanie nie pasuje do obecnego stanu.',
  'Look at the present state and try again.': 'Sprawdź obecny stan i spróbuj ponownie.',
  'The request is not signed in.': 'Żądanie nie jest podpisane.',
  'Send a valid key.': 'Wyślij ważny klucz.',
  'This is not allowed.': 'To niedozwolone.',
  'Ask an Owner or Admin of the account.': 'Poproś właściciela lub administratora konta.',
  'The request is too large.': 'Żądanie jest za duże.',
  'Send less in one request.': 'Wysyłaj mniej w jednym żądaniu.',
  'Too many requests.': 'Zbyt wiele żądań.',
  'Wait for the time in Retry-After.': 'Poczekaj tyle, ile podaje Retry-After.',
  'Something failed that Wharf does not know yet.': 'Stało się coś, czego Wharf jeszcze nie zna.',
  'The message is kept word for word; please report it if it lasts.':
    'Komunikat zachowano słowo w słowo; jeśli to trwa, zgłoś go.',
  'Someone else has edited the connection in the meantime.': 'Ktoś inny zmienił w tym czasie połączenie.',
  'Load the page again and repeat the edit.': 'Wczytaj stronę ponownie i powtórz zmianę.',
  'No warehouse is connected.': 'Żadna hurtownia nie jest podłączona.',
  'Connect a warehouse first.': 'Najpierw podłącz hurtownię.',
  'Settings are complete and the warehouse can be opened': 'Ustawienia są kompletne i hurtownię można otworzyć',
  "Syncing to a warehouse is part of the advanced data platform, which this account's plan does not have.":
    'Synchronizacja z hurtownią należy do zaawansowanej platformy danych, której plan tego konta nie obejmuje.',
  'An owner of the account can switch it on in its settings.': 'Właściciel konta może ją włączyć w jego ustawieniach.',
  'The account already has a destination; there can be only one.':
    'Konto ma już miejsce docelowe; może być tylko jedno.',
  'Remove the present connection first.': 'Najpierw usuń obecne połączenie.',
  'The connection needs a name of 1 to 200 characters.': 'Połączenie potrzebuje nazwy, od 1 do 200 znaków.',
  'must have 1 to 200 characters': 'wymagane od 1 do 200 znaków',
  'The credentials expired on {0}.': 'Dane logowania wygasły {0}.',
  'The credentials expire on {0}.': 'Dane logowania wygasną {0}.',
  'There is no destination of the kind "{0}".': 'Nie ma miejsca docelowego rodzaju „{0}”.',
  'must be one of {0}': 'dozwolone wartości: {0}',
  'The destination was removed.': 'Miejsce docelowe zostało usunięte.',
  'There is no such error.': 'Nie ma takiego błędu.',
  'A page has 1 to 100 items.': 'Strona ma od 1 do 100 pozycji.',
  'must be a whole number from 1 to 100': 'wymagana liczba całkowita od 1 do 100',
  'There is no such run.': 'Nie ma takiego przebiegu.',
  'choose profiles, events or both': 'wybierz profile, zdarzenia lub jedno i drugie',
  'only profiles and events can be chosen': 'wybrać można tylko profile i zdarzenia',
  'must be 30d, 90d, 1y or all': 'dozwolone: 30d, 90d, 1y lub all',
  'there is no {0} {1}': 'nie ma takiej pozycji: {0} {1}',
  'The staging bucket did not answer as it should.': 'Zasobnik pośredni nie odpowiedział tak, jak powinien.',
  "Check the bucket's name, keys and rights; the sync retries by itself.":
    'Sprawdź nazwę zasobnika, klucze i prawa; synchronizacja sama ponowi próbę.',
  'The staging folder cannot be written.': 'Nie można zapisywać w folderze plików pośrednich.',
  'Make room in {0}, or give Wharf the right to write there; the sync retries by itself.':
    'Zwolnij miejsce w {0} albo nadaj Wharf prawo zapisu; synchronizacja sama ponowi próbę.',
  'The store counted other rows than it gave out; nothing was loaded.':
    'Magazyn naliczył inną liczbę wierszy, niż wydał; niczego nie załadowano.',
  'There is no such sync.': 'Nie ma takiej synchronizacji.',
  'The sync is {0}, so this cannot be done now.': 'Obecny stan synchronizacji ({0}) na to nie pozwala.',
  'The historical sync is running already.': 'Synchronizacja historyczna już trwa.',
  'Nothing to do: what changes meanwhile comes with the periodic sync.':
    'Nie trzeba nic robić: co zmieni się w tym czasie, przyjdzie z synchronizacją okresową.',
  'No run is open, so there is nothing to cancel.': 'Żaden przebieg nie jest otwarty, więc nie ma czego anulować.',
  'The host name could not be resolved.': 'Nie udało się odnaleźć adresu tej nazwy hosta.',
  'Check the host name; if it is right, the sync retries by itself.':
    'Sprawdź nazwę hosta; jeśli jest poprawna, synchronizacja sama ponowi próbę.',
  'The host refused the connection.': 'Host odrzucił połączenie.',
  'Check host and port; if they are right, the sync retries by itself.':
    'Sprawdź host i port; jeśli są poprawne, synchronizacja sama ponowi próbę.',
  'The connection broke.': 'Połączenie zostało przerwane.',
  "The server's certificate is not from a known authority.": 'Certyfikat serwera nie pochodzi od znanego urzędu.',
  "The server's certificate is not valid for this name and time.":
    'Certyfikat serwera nie obowiązuje dla tej nazwy i tego czasu.',
  'The server does not speak TLS on this port.': 'Serwer nie obsługuje TLS na tym porcie.',
  'Check the port, and whether the endpoint is http or https.':
    'Sprawdź port oraz to, czy punkt końcowy to http, czy https.',
  'The disk is full.': 'Dysk jest pełny.',
  'The file or folder may not be written by the user that runs Wharf.':
    'Użytkownik, na którym działa Wharf, nie może zapisywać pliku lub folderu.',
  'Give that user the right to write there, or choose another path.':
    'Nadaj mu prawo zapisu w tym miejscu albo wybierz inną ścieżkę.',
  'DuckDB had too little memory or temporary space for a batch.':
    'DuckDB zabrakło pamięci lub miejsca tymczasowego na partię.',
  'Free space on the disk of its temporary files.': 'Zwolnij miejsce na dysku z plikami tymczasowymi.',
  'A row is larger than 16 MB.': 'Wiersz jest większy niż 16 MB.',
  'Create new credentials in the warehouse and enter them in the connection; nothing is sent anew.':
    'Utwórz w hurtowni nowe dane logowania i wpisz je w połączeniu; nic nie zostanie wysłane od nowa.',
  'Enter it again: {0} {1} changed, and stored secrets are not sent to another server.':
    'Wpisz ponownie: zmieniono {0} ({1}), a zapisanych tajnych danych nie wysyła się na inny serwer.',
  'Use an endpoint whose certificate is valid for its name and issued by a known authority.':
    'Użyj punktu końcowego, którego certyfikat obowiązuje dla jego nazwy i pochodzi od znanego urzędu.',
  'The row cannot be read.': 'Nie da się odczytać wiersza.',
};
