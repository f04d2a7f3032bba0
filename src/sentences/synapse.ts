import type { Sentences } from './translator.ts';

/** Azure Synapse. */
export const synapse: Sentences = {
  'Tables have the right columns': 'Tabele mają właściwe kolumny',
  'Rows can be written and deleted': 'Wiersze można zapisywać i usuwać',
  'A file can be written, listed, read and deleted in the container':
    'Plik w kontenerze można zapisać, znaleźć na liście, odczytać i usunąć',
  'The pool can copy a file from the container': 'Pula może skopiować plik z kontenera',
  'The clocks agree': 'Zegary są zgodne',
  'The workspace answers': 'Obszar roboczy odpowiada',
  'Username and password are accepted': 'Nazwa użytkownika i hasło są przyjmowane',
  'The dedicated SQL pool is there and awake': 'Dedykowana pula SQL istnieje i działa',
  'The fields are well formed': 'Pola są poprawnie wypełnione',
  'A stored access policy decides when the signature ends.':
    'O końcu ważności sygnatury decyduje zapisana zasada dostępu.',
  'The shared access signature ends in {0} days.': 'Sygnatura dostępu współdzielonego wygaśnie za {0} dni.',
  'The shared access signature ended at {0}.': 'Sygnatura dostępu współdzielonego wygasła {0}.',
  'Make a new shared access signature for the container (sp=rcwdl) and enter it in the connection.':
    'Utwórz nową sygnaturę dostępu współdzielonego do kontenera (sp=rcwdl) i wpisz ją w połączeniu.',
  'The probe file did not come back as written.': 'Plik próbny nie wrócił taki, jak został zapisany.',
  'The workspace refused the username or password.': 'Obszar roboczy odrzucił nazwę użytkownika lub hasło.',
  'Check username and password; the login is made in the database master, its user in the pool.':
    'Sprawdź nazwę użytkownika i hasło; login tworzy się w bazie master, a jego użytkownika w puli.',
  'The password of the SQL login has expired.': 'Hasło loginu SQL wygasło.',
  'Set a new password (ALTER LOGIN) and enter it in the connection.':
    'Ustaw nowe hasło (ALTER LOGIN) i wpisz je w połączeniu.',
  'The SQL login is locked or disabled.': 'Login SQL jest zablokowany lub wyłączony.',
  'Enable or unlock the login in the workspace; the sync resumes by itself.':
    'Włącz lub odblokuj login w obszarze roboczym; synchronizacja sama się wznowi.',
  'The firewall of the workspace does not let this address in.': 'Zapora obszaru roboczego nie wpuszcza tego adresu.',
  'Add the outbound addresses of Wharf to the firewall rules of the workspace; a change takes some minutes.':
    'Dodaj adresy wychodzące Wharf do reguł zapory obszaru roboczego; zmiana trwa kilka minut.',
  'The workspace is not known.': 'Obszar roboczy jest nieznany.',
  'Check the workspace name in the connection.': 'Sprawdź nazwę obszaru roboczego w połączeniu.',
  'The dedicated SQL pool does not exist, or the user has no access to it.':
    'Dedykowana pula SQL nie istnieje albo użytkownik nie ma do niej dostępu.',
  'Check the name of the dedicated SQL pool, and that the set-up script has made the user in it.':
    'Sprawdź nazwę dedykowanej puli SQL i to, czy skrypt konfiguracji utworzył w niej użytkownika.',
  'The dedicated SQL pool is paused.': 'Dedykowana pula SQL jest wstrzymana.',
  'Resume the pool; the sync goes on by itself.': 'Wznów pulę; synchronizacja sama ruszy dalej.',
  'The dedicated SQL pool is starting.': 'Dedykowana pula SQL się uruchamia.',
  'The dedicated SQL pool is not available for the moment.': 'Dedykowana pula SQL jest chwilowo niedostępna.',
  'The server does not offer an encrypted connection.': 'Serwer nie oferuje szyfrowanego połączenia.',
  'Check the workspace; Wharf never sends a password in the clear.':
    'Sprawdź obszar roboczy; Wharf nigdy nie wysyła hasła otwartym tekstem.',
  'A table is missing.': 'Brakuje tabeli.',
  'Run the set-up script; it makes the schema wharf_stage.':
    'Uruchom skrypt konfiguracji; tworzy on schemat wharf_stage.',
  'A table is not as the set-up script makes it.': 'Tabela różni się od tej, którą tworzy skrypt konfiguracji.',
  'The user lacks a permission in the pool.': 'Użytkownik nie ma w puli potrzebnego uprawnienia.',
  'Run the grants of the set-up script; the message names what is missing.':
    'Uruchom polecenia GRANT ze skryptu konfiguracji; komunikat mówi, czego brakuje.',
  'The user may not use COPY INTO.': 'Użytkownik nie może używać COPY INTO.',
  'Run: GRANT ADMINISTER DATABASE BULK OPERATIONS TO the user; the set-up script has the line.':
    'Uruchom GRANT ADMINISTER DATABASE BULK OPERATIONS TO z nazwą użytkownika; skrypt konfiguracji ma tę linię.',
  'The transaction had failed and was rolled back.': 'Transakcja zakończyła się błędem i została wycofana.',
  'A value is too long for its column.': 'Jakaś wartość jest za długa dla swojej kolumny.',
  'The transaction log of the pool was too small for a batch.': 'Dziennik transakcji puli był za mały dla partii.',
  'Scale the pool up for the load; the limit grows with the service level.':
    'Na czas ładowania zwiększ skalę puli; limit rośnie wraz z poziomem usługi.',
  'The pool has no room left.': 'W puli nie ma już miejsca.',
  'Raise the maximum size of the pool, or delete what is not needed.':
    'Zwiększ maksymalny rozmiar puli albo usuń to, co zbędne.',
  'The pool may not read the container with the shared access signature.':
    'Pula nie może czytać kontenera za pomocą sygnatury dostępu współdzielonego.',
  '{0} A firewall of the storage account must let the pool in as well.':
    '{0} Zapora konta magazynu musi wpuszczać także pulę.',
  'The pool did not find the uploaded files.': 'Pula nie znalazła przesłanych plików.',
  'The pool cannot reach the storage account.': 'Pula nie może połączyć się z kontem magazynu.',
  'Check the storage account, and whether its firewall lets the pool in.':
    'Sprawdź konto magazynu i to, czy jego zapora wpuszcza pulę.',
  'The pool could not use the shared access signature.': 'Pula nie mogła użyć sygnatury dostępu współdzielonego.',
  'A node of the pool failed.': 'Węzeł puli uległ awarii.',
  'Nothing to do; the sync goes on by itself. If it lasts, pause and resume the pool.':
    'Nie trzeba nic robić; synchronizacja sama ruszy dalej. Jeśli to trwa, wstrzymaj i wznów pulę.',
  'The shared access signature has expired, or is not valid yet.':
    'Sygnatura dostępu współdzielonego wygasła albo jeszcze nie obowiązuje.',
  'The storage account refused the shared access signature.':
    'Konto magazynu odrzuciło sygnaturę dostępu współdzielonego.',
  'It was changed, or is of another account or container, or its key or policy was renewed. {0}':
    'Została zmieniona, jest z innego konta lub kontenera albo odnowiono jej klucz lub zasadę. {0}',
  'The shared access signature does not allow what Wharf must do in the container.':
    'Sygnatura dostępu współdzielonego nie pozwala na to, co Wharf musi robić w kontenerze.',
  'The storage account refused the shared access signature, or its firewall refused this address.':
    'Konto magazynu odrzuciło sygnaturę dostępu współdzielonego albo jego zapora odrzuciła ten adres.',
  '{0} Check the firewall of the storage account too: the outbound addresses of Wharf must be allowed.':
    '{0} Sprawdź też zaporę konta magazynu: musi wpuszczać adresy wychodzące Wharf.',
  'The shared access signature does not allow this address.':
    'Sygnatura dostępu współdzielonego nie obejmuje tego adresu.',
  'Make one without a range of addresses (sip), or with the outbound addresses of Wharf and the pool.':
    'Utwórz sygnaturę bez zakresu adresów (sip) albo z adresami wychodzącymi Wharf i puli.',
  'The storage account could not read the shared access signature.':
    'Konto magazynu nie mogło odczytać sygnatury dostępu współdzielonego.',
  'The container does not exist.': 'Kontener nie istnieje.',
  'Check the container name in the connection, or make the container in the storage account.':
    'Sprawdź nazwę kontenera w połączeniu albo utwórz kontener na koncie magazynu.',
  'The storage account is disabled.': 'Konto magazynu jest wyłączone.',
  'The storage account answered with an error of its own.': 'Konto magazynu odpowiedziało własnym błędem.',
  'The container does not let files be deleted.': 'Kontener nie pozwala usuwać plików.',
  'Use a container without an immutability policy, legal hold or leases.':
    'Użyj kontenera bez zasad niezmienności, blokad prawnych i dzierżaw.',
  'The pool did not copy the one row of the probe file.': 'Pula nie skopiowała jedynego wiersza pliku próbnego.',
  'dbo.{0} has {1} rows for {2} instead of one.': 'Tabela dbo.{0} ma dla {2} wierszy: {1}, a powinien być jeden.',
  'Empty dbo.{0} and run the set-up script again, which fills it.':
    'Opróżnij tabelę dbo.{0} i ponownie uruchom skrypt konfiguracji, który ją wypełnia.',
  'The table dbo.{0} is missing, or the user may not see it.':
    'Brakuje tabeli dbo.{0} albo użytkownik nie może jej zobaczyć.',
  'Rename the table (RENAME OBJECT dbo.{0} TO {1}_old;) and run the set-up script, which makes a new one.':
    'Zmień nazwę tabeli (RENAME OBJECT dbo.{0} TO {1}_old;) i uruchom skrypt konfiguracji, który utworzy nową.',
  'Run in the pool: {0}': 'Uruchom w puli: {0}',
  'Enter the name of the workspace only, not an address of Synapse Studio.':
    'Wpisz samą nazwę obszaru roboczego, nie adres Synapse Studio.',
  'This is the serverless SQL pool (-ondemand), which has no tables to load; enter the workspace itself.':
    'To bezserwerowa pula SQL (-ondemand), która nie ma tabel do ładowania; wpisz sam obszar roboczy.',
  'Synapse counted {0} rows where {1} were staged; nothing was applied.':
    'Synapse naliczył {0} wierszy, a przygotowano {1}; niczego nie zastosowano.',
  'All tables fit.': 'Wszystkie tabele pasują.',
  'The tables have to be right first.': 'Najpierw muszą być w porządku tabele.',
  'The shared access signature has to be renewed first.': 'Najpierw trzeba odnowić sygnaturę dostępu współdzielonego.',
  'The container has to be right first.': 'Najpierw musi być w porządku kontener.',
  'There is no connection to the pool.': 'Nie ma połączenia z pulą.',
  'Tried without a row, and rolled back.': 'Wypróbowano bez wiersza i wycofano.',
  'Written, listed, read and deleted.': 'Zapisano, znaleziono na liście, odczytano i usunięto.',
  'The clocks differ by {0} s.': 'Zegary różnią się o {0} s.',
  'Copied one row into a table of its own, and dropped it.':
    'Skopiowano jeden wiersz do osobnej tabeli, którą potem usunięto.',
  'Enter the whole shared access signature: it starts with sv= or sp= and has sig= in it.':
    'Wpisz całą sygnaturę dostępu współdzielonego: zaczyna się od sv= lub sp= i zawiera sig=.',
  'The signature (sig=) is incomplete; copy the shared access signature again.':
    'Podpis (sig=) jest niepełny; skopiuj sygnaturę dostępu współdzielonego jeszcze raz.',
  'The service version (sv=) must be a date.': 'Wersja usługi (sv=) musi być datą.',
  'It must be made for the container (sr=c), not for a single blob or folder.':
    'Musi być wystawiona na kontener (sr=c), a nie na pojedynczy obiekt blob lub folder.',
  'It does not say what it is for: neither sr= (a container) nor ss= (an account) is there.':
    'Nie mówi, do czego służy: brakuje i sr= (kontener), i ss= (konto).',
  'An account signature must allow the blob service (ss with b).':
    'Sygnatura konta musi obejmować usługę blob (ss z literą b).',
  'An account signature must allow containers and objects (srt with c and o).':
    'Sygnatura konta musi obejmować kontenery i obiekty (srt z literami c i o).',
  'The permissions (sp=) are missing.': 'Brakuje uprawnień (sp=).',
  'It lacks permissions: {0}. Make one with read, create, write, delete and list (sp=rcwdl).':
    'Brakuje jej uprawnień: {0}. Utwórz sygnaturę z odczytem, tworzeniem, zapisem, usuwaniem i listowaniem (sp=rcwdl).',
  'The end (se=) is missing.': 'Brakuje końca ważności (se=).',
  'The time {0}= cannot be read; copy the shared access signature again.':
    'Nie da się odczytać czasu {0}=; skopiuj sygnaturę dostępu współdzielonego jeszcze raz.',
  'It must allow https (spr=https).': 'Musi dopuszczać https (spr=https).',
  'Enter the {0}.': 'Uzupełnij to pole.',
  'At most 200 characters.': 'Najwyżej 200 znaków.',
  'A workspace name has lower-case letters, digits and hyphens; {0} may follow.':
    'Nazwa obszaru roboczego składa się z małych liter, cyfr i łączników; może po niej stać {0}.',
  'At most 100 characters.': 'Najwyżej 100 znaków.',
  'At most 128 characters.': 'Najwyżej 128 znaków.',
  'No control characters.': 'Bez znaków sterujących.',
  'Enter the password.': 'Wpisz hasło.',
  'A storage account name has 3 to 24 lower-case letters and digits; enter it without .blob.core.windows.net.':
    'Nazwa konta magazynu ma od 3 do 24 małych liter i cyfr; wpisz ją bez .blob.core.windows.net.',
  'Enter the shared access signature.': 'Wpisz sygnaturę dostępu współdzielonego.',
  'At most 2000 characters.': 'Najwyżej 2000 znaków.',
  'A container name has 3 to 63 lower-case letters, digits and single hyphens.':
    'Nazwa kontenera ma od 3 do 63 małych liter, cyfr i pojedynczych łączników.',
};
