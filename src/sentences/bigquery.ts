import type { Sentences } from './translator.ts';

/** Google BigQuery. */
export const bigQuery: Sentences = {
  'BigQuery answers': 'BigQuery odpowiada',
  'The dataset is visible': 'Zbiór danych jest widoczny',
  'The project lets the service account run jobs': 'Projekt pozwala kontu usługi uruchamiać zadania',
  'A file can be loaded into a staging table': 'Plik można załadować do tabeli pośredniej',
  'Rows can be changed': 'Wiersze można zmieniać',
  'A step it depends on failed.': 'Krok, od którego ten zależy, nie powiódł się.',
  'BigQuery counted {0} rows in a file of one.': 'BigQuery naliczyło {0} wierszy w pliku z jednym wierszem.',
  'BigQuery told no time.': 'BigQuery nie podało czasu.',
  'Google does not know the key: it was deleted, or belongs to another service account.':
    'Google nie zna klucza: został usunięty albo należy do innego konta usługi.',
  'Make a new key of the service account and paste the whole file into the connection.':
    'Utwórz nowy klucz konta usługi i wklej cały plik do połączenia.',
  'The service account does not exist any more.': 'Konto usługi już nie istnieje.',
  'Run the set-up script; then make a key of the new service account and paste it into the connection.':
    'Uruchom skrypt konfiguracji, utwórz klucz nowego konta usługi i wklej go do połączenia.',
  "Google refused the sign-in because Wharf's clock is wrong.":
    'Google odrzuciło logowanie, bo zegar Wharf wskazuje zły czas.',
  'Google refused the sign-in of the service account.': 'Google odrzuciło logowanie konta usługi.',
  'Check in the Google Cloud console that the service account is enabled, and make a new key.':
    'Sprawdź w konsoli Google Cloud, czy konto usługi jest włączone, i utwórz nowy klucz.',
  'Google refused the credentials of the service account.': 'Google odrzuciło dane logowania konta usługi.',
  'The service account lacks a permission.': 'Konto usługi nie ma potrzebnego uprawnienia.',
  'Grant it the roles BigQuery Job User on the project and BigQuery Data Editor on the dataset, as the set-up script does.':
    'Nadaj mu role BigQuery Job User w projekcie i BigQuery Data Editor w zbiorze danych, tak jak robi to skrypt konfiguracji.',
  'The BigQuery API is switched off in the project.': 'API BigQuery jest w tym projekcie wyłączone.',
  'Switch it on: gcloud services enable bigquery.googleapis.com; it takes a few minutes to be known everywhere.':
    'Włącz je: gcloud services enable bigquery.googleapis.com; zmiana zacznie działać po kilku minutach.',
  'BigQuery is switched off in the project.': 'BigQuery jest w tym projekcie wyłączone.',
  'Check the project id; if it is right: gcloud services enable bigquery.googleapis.com.':
    'Sprawdź identyfikator projektu; jeśli jest poprawny: gcloud services enable bigquery.googleapis.com.',
  "A rule of the organisation (VPC Service Controls) keeps Wharf's address out.":
    'Reguła organizacji (VPC Service Controls) nie wpuszcza adresu Wharf.',
  'Let the outbound addresses of Wharf into the service perimeter of the project.':
    'Wpuść adresy wychodzące Wharf do granicy usług (service perimeter) projektu.',
  'Google has blocked this operation for the project.': 'Google zablokowało tę operację w projekcie.',
  'Ask the support of Google Cloud why; then re-enable the sync.':
    'Zapytaj wsparcie Google Cloud o przyczynę, a potem włącz synchronizację ponownie.',
  'The project has no billing, which BigQuery wants for changing rows.':
    'Projekt nie ma rozliczeń, a BigQuery wymaga ich do zmieniania wierszy.',
  'Link a billing account to the project in the Google Cloud console.':
    'Podłącz konto rozliczeniowe do projektu w konsoli Google Cloud.',
  'The project does not exist, or the service account cannot see it.':
    'Projekt nie istnieje albo konto usługi go nie widzi.',
  'Check the project id.': 'Sprawdź identyfikator projektu.',
  'The dataset does not exist in this project, or the service account cannot see it.':
    'Zbiór danych nie istnieje w tym projekcie albo konto usługi go nie widzi.',
  'Check project id and dataset; the set-up script makes the dataset.':
    'Sprawdź identyfikator projektu i zbiór danych; skrypt konfiguracji tworzy zbiór danych.',
  'BigQuery does not know the job any more.': 'BigQuery nie zna już tego zadania.',
  'A table holds one key twice, or a batch did.': 'Jakiś klucz powtarza się w tabeli albo w partii.',
  'Look for ids that stand twice in the table and delete one of each; Wharf itself never adds a second.':
    'Poszukaj identyfikatorów, które są w tabeli dwa razy, i usuń po jednym z nich; sam Wharf nigdy nie dodaje drugiego.',
  'BigQuery had too little capacity for a batch.': 'BigQuery miało za mało mocy dla partii.',
  'Give the project more slots, or run other heavy queries at other times; then re-enable the sync.':
    'Daj projektowi więcej slotów albo uruchamiaj inne ciężkie zapytania o innej porze, a potem włącz synchronizację ponownie.',
  'A table is not available for now.': 'Tabela jest chwilowo niedostępna.',
  'The job was cancelled in BigQuery.': 'Zadanie zostało anulowane w BigQuery.',
  'The sync retries by itself.': 'Synchronizacja sama ponowi próbę.',
  'BigQuery answered with an error of its own.': 'BigQuery odpowiedziało własnym błędem.',
  '{0} has no column {1}.': 'Tabela {0} nie ma kolumny {1}.',
  'Run in BigQuery: {0} A load does it too.': 'Uruchom w BigQuery: {0} Ładowanie też to zrobi.',
  'The table {0} is missing.': 'Brakuje tabeli {0}.',
  'Run the set-up script, or in BigQuery: {0};': 'Uruchom skrypt konfiguracji albo w BigQuery: {0};',
  'Run in BigQuery: {0} Then have everything sent again.':
    'Uruchom w BigQuery: {0} Potem zleć ponowne wysłanie wszystkiego.',
  'Run in BigQuery: {0} Wharf makes a new one.': 'Uruchom w BigQuery: {0} Wharf utworzy nową.',
  'This is an OAuth client, which signs people in. Create a key of a service account and paste that file.':
    'To klient OAuth, który służy do logowania osób. Utwórz klucz konta usługi i wklej tamten plik.',
  "The key file names a token service that is not Google's (token_uri). Download the key again from the Google Cloud console.":
    'Plik klucza wskazuje usługę tokenów (token_uri), która nie należy do Google. Pobierz klucz ponownie z konsoli Google Cloud.',
  'This is the number of the project. Enter its id, for example my-shop-123456.':
    'To jest numer projektu. Wpisz jego identyfikator, np. my-shop-123456.',
  'Enter the dataset alone; the project stands in its own field.': 'Wpisz sam zbiór danych; projekt ma osobne pole.',
  'BigQuery named an upload address on another server.': 'BigQuery podało adres przesyłania na innym serwerze.',
  'BigQuery gave no address for the upload.': 'BigQuery nie podało adresu do przesyłania.',
  'The upload broke again and again.': 'Przesyłanie przerywało się raz za razem.',
  'BigQuery counted {0} rows where {1} were staged; nothing was applied.':
    'BigQuery naliczyło {0} wierszy, a przygotowano {1}; niczego nie zastosowano.',
  'Reached over HTTPS.': 'Połączono przez HTTPS.',
  'Loaded, counted and dropped.': 'Załadowano, policzono i usunięto.',
  "BigQuery's clock differs by {0} s.": 'Zegar BigQuery różni się o {0} s.',
  'These are the credentials of a person. Create a key of a service account and paste that file.':
    'To dane logowania osoby. Utwórz klucz konta usługi i wklej tamten plik.',
  'This is a configuration of workload identity federation, which holds no key. Create a key of a service account and paste that file.':
    'To konfiguracja federacji tożsamości zadań (workload identity federation), która nie zawiera klucza. Utwórz klucz konta usługi i wklej tamten plik.',
  'This is a configuration of workforce identity federation, which holds no key. Create a key of a service account and paste that file.':
    'To konfiguracja federacji tożsamości pracowników (workforce identity federation), która nie zawiera klucza. Utwórz klucz konta usługi i wklej tamten plik.',
  'These credentials impersonate a service account. Create a key of the service account itself and paste that file.':
    'Te dane logowania podszywają się pod konto usługi. Utwórz klucz samego konta usługi i wklej tamten plik.',
  'Paste the whole key file, unchanged, from the first { to the last }.':
    'Wklej cały plik klucza, bez zmian, od pierwszego { do ostatniego }.',
  'The key file has no e-mail address of a service account (client_email). {0}':
    'W pliku klucza nie ma adresu e-mail konta usługi (client_email). {0}',
  'The private key in it (private_key) cannot be read. {0}':
    'Nie da się odczytać zawartego w nim klucza prywatnego (private_key). {0}',
  'The key file names no project (project_id). {0}': 'Plik klucza nie podaje projektu (project_id). {0}',
  'The key file names no token service (token_uri). {0}': 'Plik klucza nie podaje usługi tokenów (token_uri). {0}',
  'The key is of another cloud than Google Cloud itself (universe_domain), which is not supported.':
    'Klucz jest z innej chmury niż sam Google Cloud (universe_domain), a takie nie są obsługiwane.',
  'The key file must be of the type "service_account". {0}': 'Plik klucza musi być typu „service_account”. {0}',
  'This is the private key alone. {0}': 'To sam klucz prywatny. {0}',
  'This is not a key file in JSON. {0}': 'To nie jest plik klucza w formacie JSON. {0}',
  'At most 1100 characters.': 'Najwyżej 1100 znaków.',
  'A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter.':
    'Identyfikator projektu ma od 6 do 30 małych liter, cyfr i łączników i zaczyna się literą.',
  'A dataset name has letters, digits and underscores only.':
    'Nazwa zbioru danych składa się tylko z liter, cyfr i znaków podkreślenia.',
  'Paste the key file of the service account.': 'Wklej plik klucza konta usługi.',
  'A key file has at most 20,000 characters.': 'Plik klucza ma najwyżej 20 000 znaków.',
  'A query was accepted without being run.': 'Zapytanie zostało przyjęte bez uruchamiania.',
  'A row was written and rolled back.': 'Zapisano wiersz i wycofano go.',
};
