import type { Sentences } from './translator.ts';

/** DuckDB and Amazon S3. */
export const files: Sentences = {
  'The bucket could not be listed.': 'Nie udało się wyświetlić zawartości zasobnika.',
  'The store answers': 'Magazyn odpowiada',
  'The key is accepted': 'Klucz jest przyjmowany',
  'The bucket is visible and in this region': 'Zasobnik jest widoczny i leży w tym regionie',
  'The step before failed.': 'Poprzedni krok nie powiódł się.',
  'The probe object did not come back as written.': 'Obiekt próbny nie wrócił taki, jak został zapisany.',
  'The store told no time.': 'Magazyn nie podał czasu.',
  'The access key id is not known to the store.': 'Magazyn nie zna tego identyfikatora klucza dostępu.',
  'Check the access key id; keys that were deleted or belong to another store look like this too.':
    'Sprawdź identyfikator klucza dostępu; tak samo wyglądają klucze usunięte lub należące do innego magazynu.',
  'The secret access key does not belong to the access key id.':
    'Tajny klucz dostępu nie pasuje do identyfikatora klucza.',
  'Enter the secret access key again, or make a new key.': 'Wpisz tajny klucz dostępu ponownie albo utwórz nowy klucz.',
  'The user may not do this in the bucket.': 'Użytkownik nie ma prawa tego robić w zasobniku.',
  'Attach the policy of the set-up script; a bucket policy, an encryption key (KMS) or an organisation rule can forbid it as well.':
    'Przypisz zasady ze skryptu konfiguracji; zabraniać może też polityka zasobnika, klucz szyfrujący (KMS) albo reguła organizacji.',
  'The upload was interrupted.': 'Przesyłanie zostało przerwane.',
  'Nothing to do; the upload starts again.': 'Nie trzeba nic robić; przesyłanie rozpocznie się ponownie.',
  'The store answered with an error of its own.': 'Magazyn odpowiedział własnym błędem.',
  'A file is larger than the store accepts.': 'Plik jest większy, niż magazyn przyjmuje.',
  'The bucket is full.': 'Zasobnik jest pełny.',
  "The bucket's encryption key cannot be used.": 'Nie można użyć klucza szyfrującego zasobnika.',
  'The bucket is in region {0}, not {1}.': 'Zasobnik jest w regionie {0}, a nie {1}.',
  'The uploaded files hold {0} rows where {1} were staged; the batch was not published.':
    'Przesłane pliki mają {0} wierszy, a przygotowano {1}; partii nie opublikowano.',
  'An uploaded file does not have the size it was sent with.': 'Przesłany plik ma inny rozmiar niż plik wysłany.',
  'A probe row can be written': 'Można zapisać wiersz próbny',
  'The file can be opened for writing': 'Plik można otworzyć do zapisu',
  'The file could not be opened.': 'Nie udało się otworzyć pliku.',
  'The disk has room': 'Na dysku jest miejsce',
  'The free space of that disk cannot be read.': 'Nie da się odczytać wolnego miejsca na tym dysku.',
  'The path is neither a file nor free.': 'Pod tą ścieżką nie ma pliku, ale nie jest ona też wolna.',
  'All three are there.': 'Wszystkie trzy istnieją.',
  'Made at the first load: {0}.': 'Powstaną przy pierwszym ładowaniu: {0}.',
  'Free space: {0} GiB.': 'Wolne miejsce: {0} GiB.',
  'The disk has only {0} GiB left.': 'Na dysku zostało tylko {0} GiB.',
  'The file exists, but it is not a DuckDB database.': 'Plik istnieje, ale nie jest bazą danych DuckDB.',
  'Choose another path, or move the file away; Wharf never overwrites a file it does not know.':
    'Wybierz inną ścieżkę albo przenieś plik; Wharf nigdy nie nadpisuje pliku, którego nie zna.',
  'The DuckDB file is damaged.': 'Plik DuckDB jest uszkodzony.',
  'The DuckDB file was written by a version of DuckDB that Wharf cannot read.':
    'Plik DuckDB zapisała wersja DuckDB, której Wharf nie potrafi odczytać.',
  'Export it with that version to the storage format of DuckDB 1.5 or older, or choose another path.':
    'Wyeksportuj go tamtą wersją do formatu DuckDB 1.5 lub starszego albo wybierz inną ścieżkę.',
  'The folder of the database file does not exist.': 'Folder pliku bazy danych nie istnieje.',
  'Make the folder, or correct the path.': 'Utwórz folder albo popraw ścieżkę.',
  'The path is a folder, not a file.': 'Ścieżka wskazuje folder, a nie plik.',
  'Enter the path of a file in that folder.': 'Wpisz ścieżkę pliku w tym folderze.',
  'The database file may not be written by the user that runs Wharf.':
    'Użytkownik, na którym działa Wharf, nie może zapisywać pliku bazy danych.',
  'Give that user the right to write the file and its folder, or choose another path.':
    'Nadaj mu prawo zapisu pliku i folderu albo wybierz inną ścieżkę.',
  'The disk of the database file is full.': 'Dysk z plikiem bazy danych jest pełny.',
  'Free space on that disk; the file stays as it was before the batch.':
    'Zwolnij miejsce na tym dysku; plik pozostaje taki, jaki był przed partią.',
  'A table is not as Wharf made it.': 'Tabela różni się od tej, którą utworzył Wharf.',
  'Run in the DuckDB file: {0}': 'Uruchom w pliku DuckDB: {0}',
  '{0} has no column id.': 'Tabela {0} nie ma kolumny id.',
  'Rename the table (ALTER TABLE {0} RENAME TO {1}_old;); Wharf makes a new one.':
    'Zmień nazwę tabeli (ALTER TABLE {0} RENAME TO {1}_old;); Wharf utworzy nową.',
  'The session has ended.': 'Sesja się zakończyła.',
  'Enter the whole path, from the root folder on.': 'Wpisz pełną ścieżkę, od folderu głównego.',
  'DuckDB counted {0} rows where {1} were staged; nothing was applied.':
    'DuckDB naliczyło {0} wierszy, a przygotowano {1}; niczego nie zastosowano.',
  'Begun and given up.': 'Rozpoczęto i zaniechano.',
  'An object can be written, listed, read and deleted': 'Obiekt można zapisać, znaleźć na liście, odczytać i usunąć',
  'Large files can be uploaded in parts': 'Duże pliki można przesyłać w częściach',
  "The store's clock differs by {0} s.": 'Zegar magazynu różni się o {0} s.',
  'At most 500 characters.': 'Najwyżej 500 znaków.',
  'A bucket name has 3 to 63 lower-case letters, digits, dots and hyphens.':
    'Nazwa zasobnika ma od 3 do 63 małych liter, cyfr, kropek i łączników.',
  'A region looks like eu-central-1.': 'Region wygląda jak eu-central-1.',
  'An access key id has letters and digits only.': 'Identyfikator klucza dostępu składa się tylko z liter i cyfr.',
  'Use letters, digits, - _ . = and single slashes.': 'Używaj liter, cyfr, znaków - _ . = i pojedynczych ukośników.',
  'Enter a URL, for example https://storage.example.com.': 'Wpisz adres URL, np. https://storage.example.com.',
  'Written and rolled back.': 'Zapisano i wycofano.',
  'The file does not exist yet; it can be made.': 'Plik jeszcze nie istnieje; można go utworzyć.',
  'The file can be opened.': 'Plik można otworzyć.',
  'Enter a name.': 'Wpisz nazwę.',
  'At most 1000 characters.': 'Najwyżej 1000 znaków.',
  'The file name must end in .duckdb, .ddb or .db.': 'Nazwa pliku musi kończyć się na .duckdb, .ddb lub .db.',
  'The operator of this installation allows files in {0} only, in a folder that exists.':
    'Operator tej instalacji pozwala na pliki tylko w {0}, w istniejącym folderze.',
};
