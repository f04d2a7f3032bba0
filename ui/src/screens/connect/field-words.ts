/** Fields of the forms: English comes from the destination itself, Polish from here. */
import type { DestinationKind } from '#contract/destinations.ts';

type Field = DestinationKind['fields'][number];
type Pair = readonly [label: string, help: string];

export function fieldWords(language: 'en' | 'pl', kind: string, field: Field): { label: string; help: string } {
  const [label, help] = (language === 'pl' && (polish[kind]?.[field.name] ?? shared[field.name])) || [
    field.label,
    field.help,
  ];
  return { label, help };
}

const shared: Readonly<Record<string, Pair>> = {
  name: ['Nazwa', 'Tak to miejsce docelowe nazywa się na listach.'],
};

export const polish: Readonly<Record<string, Readonly<Record<string, Pair>>>> = {
  duckdb: {
    path: [
      'Ścieżka pliku',
      'Ścieżka bezwzględna na komputerze, na którym działa Wharf, np. /var/lib/wharf/warehouse.duckdb. Folder musi istnieć; plik powstanie sam.',
    ],
  },
  redshift: {
    host: [
      'Adres hosta',
      'Punkt końcowy z konsoli, także w postaci jdbc:redshift://host:5439/baza; wtedy port i baza mogą pozostać puste.',
    ],
    database: ['Baza danych', 'Na przykład dev.'],
    port: ['Port', 'Redshift nasłuchuje na 5439, chyba że wybrano inny.'],
    schema: ['Schemat', 'Tu skrypt konfiguracji tworzy tabele.'],
    username: ['Nazwa użytkownika', 'Użytkownik, którego tworzy skrypt konfiguracji.'],
    password: ['Hasło', 'Hasło tego użytkownika, wpisane w skrypcie konfiguracji.'],
    stagingBucket: [
      'Zasobnik pośredni',
      'Zasobnik S3 w regionie Redshift, do szybkiego ładowania. Bez niego wiersze trafiają przez INSERT: wystarcza to dla około 10 000 wierszy na godzinę, a dokumenty JSON mogą mieć do 64 KB.',
    ],
    stagingRegion: [
      'Region zasobnika pośredniego',
      'Musi być taki jak region Redshift: COPY nie czyta plików Parquet z innego regionu.',
    ],
    stagingPrefix: ['Prefiks w zasobniku pośrednim', 'Folder na pliki, które po każdym ładowaniu są usuwane.'],
    stagingAccessKeyId: [
      'Identyfikator klucza dostępu do zasobnika',
      'Użytkownika, który może zapisywać, listować, czytać i usuwać pod prefiksem.',
    ],
    stagingSecretAccessKey: ['Tajny klucz dostępu do zasobnika', 'AWS pokazuje go raz, przy tworzeniu klucza.'],
    stagingIamRole: [
      'Rola IAM dla COPY',
      'ARN roli przypisanej do Redshift, która może czytać zasobnik. Bez niej COPY dostaje klucze dostępu: prościej, ale klucze wędrują do Redshift w każdym poleceniu COPY.',
    ],
    stagingEndpoint: [
      'Punkt końcowy zasobnika pośredniego',
      'Tylko dla prywatnego dostępu do S3 lub atrapy: jego adres bazowy.',
    ],
  },
  s3: {
    bucket: ['Zasobnik', 'Sama nazwa, bez s3:// i folderów.'],
    region: ['Region zasobnika', 'Na przykład eu-central-1.'],
    accessKeyId: ['Identyfikator klucza dostępu', 'Użytkownika, którego tworzy skrypt konfiguracji.'],
    secretAccessKey: ['Tajny klucz dostępu', 'AWS pokazuje go raz, przy tworzeniu klucza.'],
    prefix: ['Prefiks', 'Folder w zasobniku; puste pole oznacza jego początek.'],
    format: [
      'Format',
      'jsonl: JSON Lines, gzip, JSON jako wartości zagnieżdżone. parquet: Parquet, zstd, JSON jako tekst.',
    ],
    endpoint: ['Punkt końcowy', 'Tylko dla magazynów zgodnych z S3: ich adres bazowy.'],
  },
  bigquery: {
    projectId: ['Identyfikator projektu', 'Projekt, który ma zbiór danych i płaci za ładowanie, np. my-shop-123456.'],
    dataset: ['Zbiór danych', 'Sama nazwa, bez projektu.'],
    serviceAccountKey: ['Klucz konta usługi', 'Cały plik JSON, który Google daje przy tworzeniu klucza.'],
  },
  synapse: {
    workspace: ['Obszar roboczy', 'Nazwa albo dedykowany punkt końcowy SQL (nazwa.sql.azuresynapse.net).'],
    database: ['Dedykowana pula SQL', 'Jej nazwa jest nazwą bazy danych.'],
    username: ['Nazwa użytkownika', 'Login SQL, który tworzy skrypt konfiguracji.'],
    password: ['Hasło', 'Hasło tego loginu.'],
    storageAccount: ['Nazwa konta magazynu', 'Przez nie pliki trafiają do puli.'],
    sharedAccessSignature: [
      'Sygnatura dostępu współdzielonego',
      'Sygnatura kontenera z prawem odczytu, tworzenia, zapisu, usuwania i listowania; pilnujemy jej terminu.',
    ],
    container: ['Kontener', 'Istniejący kontener; Wharf używa w nim tylko folderu wharf/.'],
  },
  snowflake: {
    username: ['Nazwa użytkownika', 'Użytkownik, którego tworzy skrypt konfiguracji.'],
    privateKey: ['Klucz prywatny', 'Cały plik rsa_key.p8: PEM, PKCS#8, bez hasła.'],
    warehouse: ['Magazyn obliczeniowy', 'Wykonuje ładowanie; wystarczy X-Small.'],
    account: ['Konto', 'Na przykład mojaorg-mojekonto lub xy12345.eu-central-1.aws; może też być adres konta.'],
    database: [
      'Baza danych',
      'Nazwy są pisane wielkimi literami, chyba że ujmiesz je w cudzysłów, jak wszędzie w Snowflake.',
    ],
    schema: ['Schemat', 'Na tabele; na przykład KLAVIYO.'],
  },
};
