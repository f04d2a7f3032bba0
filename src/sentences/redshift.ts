import type { Sentences } from './translator.ts';

/** Amazon Redshift. */
export const redshift: Sentences = {
  'The step "{0}" did not pass.': 'Krok „{0}” nie powiódł się.',
  'Redshift answers': 'Redshift odpowiada',
  'User and password are accepted': 'Nazwa użytkownika i hasło są przyjmowane',
  'Redshift may not use the IAM role for COPY.': 'Redshift nie może użyć roli IAM do COPY.',
  'Attach the role to the cluster or namespace, and let its trust policy name redshift.amazonaws.com and redshift-serverless.amazonaws.com; or leave the field empty.':
    'Przypisz rolę do klastra lub przestrzeni nazw, a w jej zasadach zaufania wymień redshift.amazonaws.com i redshift-serverless.amazonaws.com; albo zostaw to pole puste.',
  'Redshift may not read the staging bucket.': 'Redshift nie może czytać zasobnika pośredniego.',
  'Give the role or the keys s3:GetObject on the prefix and s3:ListBucket on the bucket.':
    'Nadaj roli lub kluczom prawo s3:GetObject do prefiksu i s3:ListBucket do zasobnika.',
  'Redshift was refused with the access keys of the staging bucket.':
    'Klucze dostępu do zasobnika pośredniego, podane Redshift, zostały odrzucone.',
  'Enter the keys of the staging bucket again, or make new ones.':
    'Wpisz klucze zasobnika pośredniego ponownie albo utwórz nowe.',
  'The access keys of the staging bucket have expired.': 'Klucze dostępu do zasobnika pośredniego wygasły.',
  'Redshift does not find the staging bucket.': 'Redshift nie znajduje zasobnika pośredniego.',
  'The staging bucket is not in the region of Redshift.': 'Zasobnik pośredni nie leży w regionie Redshift.',
  'Use a bucket in the region of Redshift; COPY cannot read Parquet files from another.':
    'Użyj zasobnika w regionie Redshift; COPY nie czyta plików Parquet z innego regionu.',
  'The staging bucket asked Redshift to slow down.': 'Zasobnik pośredni kazał Redshift zwolnić.',
  'Redshift refused user name or password.': 'Redshift odrzucił nazwę użytkownika lub hasło.',
  'Enter both again; Redshift does not say which of them is wrong.':
    'Wpisz obie wartości ponownie; Redshift nie mówi, która z nich jest błędna.',
  'The password of the user is kept in a way that only drivers of Amazon can use (SHA-256).':
    'Hasło użytkownika jest zapisane w sposób, którego potrafią użyć tylko sterowniki Amazona (SHA-256).',
  "Set it again with ALTER USER ... PASSWORD and the password in plain, not as a 'sha256|' hash.":
    'Ustaw je ponownie poleceniem ALTER USER ... PASSWORD, podając hasło jawnie, a nie jako skrót „sha256|”.',
  'The user lacks a right in the database.': 'Użytkownik nie ma potrzebnego prawa w bazie danych.',
  'The schema belongs to a datashare, where tables cannot be locked.':
    'Schemat należy do udziału danych (datashare), w którym nie można blokować tabel.',
  'Choose a schema of a database of the cluster or namespace itself.':
    'Wybierz schemat z bazy danych samego klastra lub przestrzeni nazw.',
  'Redshift is being resized or maintained.': 'Trwa zmiana rozmiaru lub konserwacja Redshift.',
  'Redshift ended the connection.': 'Redshift zakończył połączenie.',
  'Redshift has no connection left for this user or database.':
    'Redshift nie ma już wolnego połączenia dla tego użytkownika lub bazy danych.',
  'Nothing answers at this host and port.': 'Pod tym hostem i portem nic nie odpowiada.',
  'Allow the outbound addresses of Wharf in the security group, make the cluster publicly accessible or reachable from here, and see that it is not paused.':
    'Wpuść adresy wychodzące Wharf w grupie zabezpieczeń, udostępnij klaster publicznie lub z tej sieci i upewnij się, że nie jest wstrzymany.',
  'Nothing to do unless it lasts; then see that the cluster is not paused, and that its security group lets Wharf in.':
    'Nie trzeba nic robić, chyba że to trwa; wtedy sprawdź, czy klaster nie jest wstrzymany i czy jego grupa zabezpieczeń wpuszcza Wharf.',
  'Check host and port: Redshift always offers TLS, and Wharf sends nothing without it.':
    'Sprawdź host i port: Redshift zawsze oferuje TLS, a Wharf niczego bez niego nie wysyła.',
  'The access key id of the staging bucket is not known.':
    'Identyfikator klucza dostępu do zasobnika pośredniego jest nieznany.',
  'Check the access key id; keys that were deleted look like this too.':
    'Sprawdź identyfikator klucza dostępu; tak samo wyglądają klucze usunięte.',
  'The secret access key of the staging bucket does not belong to its access key id.':
    'Tajny klucz dostępu do zasobnika pośredniego nie pasuje do identyfikatora klucza.',
  'The user of the access keys may not do this in the staging bucket.':
    'Użytkownik tych kluczy dostępu nie ma prawa tego robić w zasobniku pośrednim.',
  'Attach the policy of the set-up script; a bucket policy or an encryption key (KMS) can forbid it as well.':
    'Przypisz zasady ze skryptu konfiguracji; zabraniać może też polityka zasobnika albo klucz szyfrujący (KMS).',
  'The staging bucket does not exist.': 'Zasobnik pośredni nie istnieje.',
  'The staging bucket is in another region.': 'Zasobnik pośredni leży w innym regionie.',
  'The upload to the staging bucket was interrupted.': 'Przesyłanie do zasobnika pośredniego zostało przerwane.',
  'The staging bucket answered with an error of its own.': 'Zasobnik pośredni odpowiedział własnym błędem.',
  "The staging bucket's encryption key cannot be used.": 'Nie można użyć klucza szyfrującego zasobnika pośredniego.',
  'A value is larger than Redshift takes.': 'Jakaś wartość jest większa, niż Redshift przyjmuje.',
  'Shorten the value that is named in the message. Without a staging bucket JSON documents end at 65,535 bytes; with one, only the texts in them do.':
    'Skróć wartość wskazaną w komunikacie. Bez zasobnika pośredniego dokument JSON może mieć 65 535 bajtów; z zasobnikiem dotyczy to tylko tekstów w jego wnętrzu.',
  'Redshift could not take line {0} of {1}, column {2}: {3} ({4})':
    'Redshift nie przyjął linii {0} z {1}, kolumna {2}: {3} ({4})',
  'There is no schema {0}.': 'Nie ma schematu {0}.',
  'The user lacks {0}.': 'Użytkownikowi brakuje prawa: {0}.',
  'Run as an administrator: {0}': 'Uruchom jako administrator: {0}',
  'In schema {0} there is no table {1}.': 'W schemacie {0} nie ma tabeli {1}.',
  'Run as the owner of the tables: {0}': 'Uruchom jako właściciel tabel: {0}',
  'Redshift counted {0} rows where {1} were staged; nothing was applied.':
    'Redshift naliczył {0} wierszy, a przygotowano {1}; niczego nie zastosowano.',
  'There is nothing to check.': 'Nie ma czego sprawdzać.',
  'Run the grants of the set-up script again as an administrator of the database.':
    'Uruchom ponownie polecenia GRANT ze skryptu konfiguracji jako administrator bazy danych.',
  'Row {0}: column {1} has a value of {2} bytes; Redshift takes {3}.':
    'Wiersz {0}: wartość w kolumnie {1} ma {2} bajtów; Redshift przyjmuje {3}.',
  'The staging bucket is in region {0}, not {1}.': 'Zasobnik pośredni jest w regionie {0}, a nie {1}.',
  'Enter a host such as my-cluster.abc123.eu-central-1.redshift.amazonaws.com.':
    'Wpisz host, np. my-cluster.abc123.eu-central-1.redshift.amazonaws.com.',
  'Sign-in by IAM is not supported: use a URL without iam.':
    'Logowanie przez IAM nie jest obsługiwane: użyj adresu URL bez iam.',
  '{0} The URL may begin with jdbc:redshift://.': '{0} Adres URL może zaczynać się od jdbc:redshift://.',
  'Leave user and password out of the host URL; they have fields of their own.':
    'Pomiń użytkownika i hasło w adresie hosta; mają osobne pola.',
  'The port in the host URL is not between 1 and 65535.': 'Port w adresie hosta nie mieści się między 1 a 65535.',
  'The database in the host URL cannot be read; enter it in its own field.':
    'Nie da się odczytać bazy danych z adresu hosta; wpisz ją w osobnym polu.',
  'The tables have the right columns': 'Tabele mają właściwe kolumny',
  'The user has the rights that loading needs': 'Użytkownik ma prawa potrzebne do ładowania',
  'The staging bucket can be written, listed, read and emptied':
    'W zasobniku pośrednim można zapisywać, listować, czytać i usuwać',
  'No staging bucket is configured: rows go in by INSERT statements.':
    'Nie skonfigurowano zasobnika pośredniego: wiersze trafiają przez polecenia INSERT.',
  'How transactions are kept apart': 'Jak oddzielane są transakcje',
  'The user may not see the isolation level.': 'Użytkownik nie może zobaczyć poziomu izolacji.',
  'The clock of Redshift differs by {0} s.': 'Zegar Redshift różni się o {0} s.',
  'Select, insert, update and delete on each table; temporary tables.':
    'Select, insert, update i delete w każdej tabeli; tabele tymczasowe.',
  'Copied from the staging bucket and rolled back.': 'Skopiowano z zasobnika pośredniego i wycofano.',
  'Inserted and rolled back.': 'Wstawiono i wycofano.',
  'A {0} has at most {1} bytes and no control characters.':
    'Ta wartość może mieć najwyżej {1} bajtów i nie może zawierać znaków sterujących.',
  'Enter a port number, usually 5439.': 'Wpisz numer portu, zwykle 5439.',
  'A port is between 1 and 65535.': 'Port mieści się między 1 a 65535.',
  'A bucket name has 3 to 63 lower-case letters, digits, dots and hyphens, without s3:// and folders.':
    'Nazwa zasobnika ma od 3 do 63 małych liter, cyfr, kropek i łączników, bez s3:// i folderów.',
  'A secret access key has no spaces, quotes, semicolons or backslashes.':
    'Tajny klucz dostępu nie zawiera spacji, cudzysłowów, średników ani ukośników odwrotnych.',
  'A role looks like arn:aws:iam::123456789012:role/wharf-copy.':
    'Rola wygląda jak arn:aws:iam::123456789012:role/wharf-copy.',
  'Use https: only this machine itself may be spoken to without TLS.':
    'Użyj https: bez TLS można łączyć się tylko z tym samym komputerem.',
  'Enter the {0}, or leave all staging fields empty.':
    'Uzupełnij to pole albo zostaw puste wszystkie pola zasobnika pośredniego.',
  'The host URL says port {0}, this field says {1}. Make them the same.':
    'Adres hosta podaje port {0}, a to pole {1}. Podaj w obu to samo.',
  'The host URL says {0}, this field says {1}. Make them the same.':
    'Adres hosta podaje {0}, a to pole {1}. Podaj w obu to samo.',
  'Enter the database name.': 'Wpisz nazwę bazy danych.',
  'A probe row can be loaded': 'Można załadować wiersz próbny',
};
