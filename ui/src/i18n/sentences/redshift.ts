import type { Sentences } from '../sentences.ts';

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
};
