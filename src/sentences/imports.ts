import type { Sentences } from './translator.ts';

/** Imports of CSV files and SSH keys. */
export const imports: Sentences = {
  'The account has this key already ({0}).': 'To konto ma już ten klucz ({0}).',
  'Nothing to do; or remove the key and add it again to change its title, owner or rights.':
    'Nie trzeba nic robić; można też usunąć klucz i dodać go ponownie z innym tytułem, właścicielem lub prawami.',
  'There is no such SSH key.': 'Nie ma takiego klucza SSH.',
  'Load it in PuTTYgen and copy the text under "Public key for pasting into OpenSSH authorized_keys file". If others could see what you pasted, make a new key.':
    'Otwórz go w PuTTYgen i skopiuj tekst spod napisu „Public key for pasting into OpenSSH authorized_keys file”. Jeśli ktoś mógł zobaczyć wklejony tekst, utwórz nowy klucz.',
  'Paste the public key instead: the one line of the file that ends in .pub. If others could see what you pasted, make a new key.':
    'Wklej zamiast tego klucz publiczny: jedną linię z pliku z końcówką .pub. Jeśli ktoś mógł zobaczyć wklejony tekst, utwórz nowy klucz.',
  'Convert it with "ssh-keygen -i -f FILE", or copy the text under "Public key for pasting into OpenSSH authorized_keys file" in PuTTYgen.':
    'Przekształć go poleceniem „ssh-keygen -i -f PLIK” albo skopiuj w PuTTYgen tekst spod napisu „Public key for pasting into OpenSSH authorized_keys file”.',
  'Convert it with "ssh-keygen -i -m PKCS8 -f FILE" and paste the line it prints.':
    'Przekształć go poleceniem „ssh-keygen -i -m PKCS8 -f PLIK” i wklej linię, którą wypisze.',
  'Convert it with "ssh-keygen -i -m PEM -f FILE" and paste the line it prints.':
    'Przekształć go poleceniem „ssh-keygen -i -m PEM -f PLIK” i wklej linię, którą wypisze.',
  'Cancelled by {0}.': 'Import anulował(a) {0}.',
  'Rows that were in stay in. To import the others, upload the file again.':
    'Wiersze, które już weszły, pozostają. Aby zaimportować resztę, prześlij plik ponownie.',
  'The import is over: it is {0}.': 'Import jest już zakończony, jego stan: {0}.',
  'There is no such import.': 'Nie ma takiego importu.',
  'The file is still being looked at.': 'Plik jest jeszcze sprawdzany.',
  'Try again in a moment.': 'Spróbuj ponownie za chwilę.',
  'The import does not wait for a review: it is {0}.': 'Import nie czeka na przegląd, jego stan: {0}.',
  'Look at the import; upload the file again to import it another way.':
    'Zobacz ten import; aby zaimportować plik inaczej, prześlij go ponownie.',
  'The mapping must name all columns of the file, in their order.':
    'Mapowanie musi wymieniać wszystkie kolumny pliku, w ich kolejności.',
  'Fetch the review again and send its mapping back with your changes.':
    'Pobierz przegląd ponownie i odeślij jego mapowanie ze swoimi zmianami.',
  'The mapping is not valid. {0}': 'Mapowanie jest nieprawidłowe. {0}',
  'is not a JSON object.': 'nie jest obiektem JSON.',
  'looks like milliseconds. Write seconds, or YYYY-MM-DD HH:MM:SS.':
    'wygląda na milisekundy. Podaj sekundy albo RRRR-MM-DD GG:MM:SS.',
  'begins with the day, or with the month: no one can tell. Write YYYY-MM-DD HH:MM:SS.':
    'zaczyna się od dnia albo od miesiąca: nie da się tego rozstrzygnąć. Podaj RRRR-MM-DD GG:MM:SS.',
  'is not a date. Write YYYY-MM-DD HH:MM:SS.': 'nie jest datą. Podaj RRRR-MM-DD GG:MM:SS.',
  'has no such month: with slashes the month comes first. Write YYYY-MM-DD.':
    'nie ma takiego miesiąca: przy ukośnikach miesiąc stoi pierwszy. Podaj RRRR-MM-DD.',
  'is not a day or time that exists.': 'nie jest istniejącym dniem lub godziną.',
  'Skipped reason': 'Powód pominięcia',
  'The bucket of uploaded files did not answer as it should.':
    'Zasobnik przesłanych plików nie odpowiedział tak, jak powinien.',
  "Check the bucket's name, keys and rights; the import goes on by itself.":
    'Sprawdź nazwę zasobnika, klucze i prawa; import sam ruszy dalej.',
  'The uploaded file is not kept any more.': 'Przesłany plik nie jest już przechowywany.',
  'Upload the file again.': 'Prześlij plik ponownie.',
  'The uploaded file cannot be kept.': 'Nie można przechować przesłanego pliku.',
  'Make room in {0}, or give Wharf the right to write there; then try again.':
    'Zwolnij miejsce w {0} albo nadaj Wharf prawo zapisu, a potem spróbuj ponownie.',
  'Nobody confirmed the columns in time.': 'Nikt nie potwierdził kolumn na czas.',
  'Upload the file again and review it.': 'Prześlij plik ponownie i sprawdź go w przeglądzie.',
  'It is not certain that the columns are divided by {0}s.': 'Nie ma pewności, że kolumny oddziela ten znak: {0}.',
  'The file is empty.': 'Plik jest pusty.',
  'Upload a file with a header and at least one row.': 'Prześlij plik z nagłówkiem i co najmniej jednym wierszem.',
  'Row 1, the header, does not end within {0} KB.': 'Wiersz 1, czyli nagłówek, nie kończy się w obrębie {0} KB.',
  'Look whether the file has line breaks, and whether a quote is left open in its first row.':
    'Sprawdź, czy plik ma podziały wierszy i czy w pierwszym wierszu nie ma niezamkniętego cudzysłowu.',
  'Row {0}, the header{1}: {2}': 'Wiersz {0}, czyli nagłówek{1}: {2}',
  'Correct the header and upload the file again.': 'Popraw nagłówek i prześlij plik ponownie.',
  'The file has {0} columns; {1} are possible.': 'Plik ma {0} kolumn, a może mieć {1}.',
  'Export fewer columns, or put many of them into one column of JSON named Properties.':
    'Wyeksportuj mniej kolumn albo zbierz wiele z nich w jednej kolumnie JSON o nazwie Properties.',
  'Row 1 should hold the headers, but it holds a value: {0}.':
    'Wiersz 1 powinien zawierać nagłówki, a zawiera wartość: {0}.',
  'Put a row with the names of the columns first, and upload the file again.':
    'Wstaw na początek wiersz z nazwami kolumn i prześlij plik ponownie.',
  'The import stopped for a reason Wharf does not know yet.':
    'Import zatrzymał się z powodu, którego Wharf jeszcze nie zna.',
  'Please report it with its id.': 'Zgłoś to, podając jego identyfikator.',
  'The file is too large; {0} are possible.': 'Plik jest za duży; może mieć najwyżej {0}.',
  'Export the rows into several files.': 'Wyeksportuj wiersze do kilku plików.',
  'There is no room for the uploaded file.': 'Nie ma miejsca na przesłany plik.',
  'Make room in {0}, or give Wharf the right to write there; then upload again.':
    'Zwolnij miejsce w {0} albo nadaj Wharf prawo zapisu, a potem prześlij plik ponownie.',
  'begins with a zero, so it is a text rather than a number.': 'zaczyna się od zera, więc to raczej tekst niż liczba.',
  'is not a number. Write digits and a point, without currency signs, blanks or commas.':
    'nie jest liczbą. Podaj cyfry i kropkę, bez znaków walut, spacji i przecinków.',
  'is not true or false.': 'nie jest wartością true ani false.',
  'The quote that opens this cell is not closed {0}.': 'Cudzysłów, który otwiera tę komórkę, nie jest zamknięty {0}.',
  '{0}The row has {1} cells, the header has {2}.': '{0}Wiersz ma {1} komórek, a nagłówek {2}.',
  'The cell holds a NUL character.': 'Komórka zawiera znak NUL.',
  'The row is larger than {0}.': 'Wiersz jest większy niż {0}.',
  'In Excel choose Save As and "CSV UTF-8"; unpack an archive. Then upload the CSV.':
    'W Excelu wybierz „Zapisz jako” i „CSV UTF-8”; archiwum rozpakuj. Potem prześlij plik CSV.',
  'In Excel choose Save As and "CSV UTF-8", then upload the CSV.':
    'W Excelu wybierz „Zapisz jako” i „CSV UTF-8”, a potem prześlij plik CSV.',
  'Unpack it ({0}), then upload the CSV.': 'Rozpakuj go ({0}), a potem prześlij plik CSV.',
  'Export from the warehouse as CSV, then upload that.':
    'Wyeksportuj dane z hurtowni jako CSV, a potem prześlij ten plik.',
  'Export the data as CSV, then upload that.': 'Wyeksportuj dane jako CSV, a potem prześlij ten plik.',
  'The file is not a CSV: it is {0}.': 'Plik nie jest plikiem CSV: to {0}.',
  'The file is not a CSV: it is an HTML or XML page.': 'Plik nie jest plikiem CSV: to strona HTML lub XML.',
  'A download that needed a sign-in often gives such a page. Export the CSV again and look into it first.':
    'Taką stronę daje często pobieranie, które wymagało zalogowania. Wyeksportuj CSV ponownie i najpierw zajrzyj do pliku.',
  'The file is not a CSV: it is JSON.': 'Plik nie jest plikiem CSV: to JSON.',
  'The file is not UTF-8: it is {0}.': 'Plik nie jest w UTF-8: to {0}.',
  'Save it as UTF-8 (in Excel: "CSV UTF-8"), or convert it: iconv -f {0} -t UTF-8 in.csv > out.csv':
    'Zapisz go w UTF-8 (w Excelu: „CSV UTF-8”) albo przekształć: iconv -f {0} -t UTF-8 in.csv > out.csv',
  '"{0}" {1}': '„{0}” {1}',
  'This RSA key has {0} bits, which is too weak: it needs {1} at least.':
    'Ten klucz RSA ma {0} bitów, czyli jest za słaby: potrzeba co najmniej {1}.',
  'This RSA key has {0} bits; more than {1} are not accepted.':
    'Ten klucz RSA ma {0} bitów; więcej niż {1} nie jest przyjmowane.',
  'The numbers of this RSA key cannot be those of a key.':
    'Liczby w tym kluczu RSA nie mogą należeć do prawdziwego klucza.',
  'This key is not a point on its curve that can be trusted.':
    'Ten klucz nie jest punktem krzywej, któremu można zaufać.',
  'This key is not a point on its curve.': 'Ten klucz nie jest punktem swojej krzywej.',
  'Make a key with "ssh-keygen -t ed25519" and paste the one line of the file that ends in .pub.':
    'Utwórz klucz poleceniem „ssh-keygen -t ed25519” i wklej jedną linię z pliku z końcówką .pub.',
  'Paste the one line of the file that ends in .pub; it begins with the type, such as ssh-ed25519.':
    'Wklej jedną linię z pliku z końcówką .pub; zaczyna się od typu, np. ssh-ed25519.',
  'The text is too long for a public key.': 'Tekst jest za długi na klucz publiczny.',
  'The text has more than one line; a public key is exactly one.':
    'Tekst ma więcej niż jedną linię; klucz publiczny to dokładnie jedna.',
  '{0} Add keys one by one.': '{0} Dodawaj klucze po jednym.',
  'The key after the type is not complete, or not base64.': 'Klucz po typie jest niepełny albo nie jest w base64.',
  'Copy the whole line again.': 'Skopiuj całą linię jeszcze raz.',
  'The line says {0}, but what follows {1}.': 'Linia mówi {0}, ale to, co następuje, {1}.',
  'Copy the whole line again, unchanged.': 'Skopiuj całą linię jeszcze raz, bez zmian.',
  'There is no key.': 'Nie ma tu klucza.',
  "This is PuTTY's file of a private key. Never give it to anyone, this service included.":
    'To plik klucza prywatnego PuTTY. Nie dawaj go nikomu, także tej usłudze.',
  'This is a private key. Never give it to anyone, this service included.':
    'To klucz prywatny. Nie dawaj go nikomu, także tej usłudze.',
  'This public key is in the format of RFC 4716, as PuTTYgen saves it.':
    'Ten klucz publiczny jest w formacie RFC 4716, w jakim zapisuje go PuTTYgen.',
  'This public key is in PEM format (PKCS#8).': 'Ten klucz publiczny jest w formacie PEM (PKCS#8).',
  'This public key is in PEM format (PKCS#1).': 'Ten klucz publiczny jest w formacie PEM (PKCS#1).',
  'This is a certificate, not a key.': 'To certyfikat, a nie klucz.',
  'This is an SSH certificate; certificates are not accepted.': 'To certyfikat SSH; certyfikaty nie są przyjmowane.',
  'Paste the public key it was made for.': 'Wklej klucz publiczny, dla którego go wystawiono.',
  'This is a DSA key, which is too weak: OpenSSH itself does not take it any more.':
    'To klucz DSA, który jest za słaby: nie przyjmuje go już nawet OpenSSH.',
  'Keys of this type are not accepted.': 'Klucze tego typu nie są przyjmowane.',
  'Accepted are {0}. {1}': 'Przyjmowane są: {0}. {1}',
  'Something stands before the type of the key, such as options of an authorized_keys file or the host of a known_hosts file.':
    'Przed typem klucza coś stoi, na przykład opcje z pliku authorized_keys albo host z pliku known_hosts.',
  'Paste the line from the type on.': 'Wklej linię od typu do końca.',
  'This is not an SSH public key.': 'To nie jest klucz publiczny SSH.',
  'The key is damaged: it is not what a key of the type {0} looks like.':
    'Klucz jest uszkodzony: klucz typu {0} wygląda inaczej.',
  'An earlier row of the file has the same {0}; the first one counts.':
    'Wcześniejszy wiersz pliku ma tę samą wartość w kolumnie {0}; liczy się pierwszy.',
  'The file has a header, but no rows.': 'Plik ma nagłówek, ale nie ma wierszy.',
  'The file does not end with a line break: its last row may be cut off.':
    'Plik nie kończy się podziałem wiersza: ostatni wiersz może być ucięty.',
  'The time of the event is empty.': 'Czas zdarzenia jest pusty.',
  'The metric of the event is empty.': 'Nazwa metryki zdarzenia jest pusta.',
  'The row has {0} cells, the header has {1}.': 'Wiersz ma {0} komórek, a nagłówek {1}.',
  'Most cells are of the type {0}, {1} of the sample are not.':
    'Większość komórek jest typu {0}, w próbce nie pasuje: {1}.',
  'This may be the id of a profile, or an id of another system.':
    'To może być identyfikator profilu albo identyfikator z innego systemu.',
  'The column has no header.': 'Kolumna nie ma nagłówka.',
  'The column means the same as column {0}.': 'Kolumna znaczy to samo co kolumna {0}.',
  'The property has no name.': 'Właściwość nie ma nazwy.',
  'Another column is mapped to this property.': 'Do tej właściwości przypisano już inną kolumnę.',
  'A property cannot be of the type consent.': 'Właściwość nie może być typu „zgoda”.',
  'There is no field {0}.': 'Nie ma pola {0}.',
  'Another column is mapped to the field {0}.': 'Do pola {0} przypisano już inną kolumnę.',
  'No column names the person. One of {0} is needed.': 'Żadna kolumna nie wskazuje osoby. Potrzebna jest jedna z: {0}.',
  'No column holds the time of the event (Timestamp).': 'Żadna kolumna nie zawiera czasu zdarzenia (Timestamp).',
  'No column holds the metric (MetricName); name one for the whole file.':
    'Żadna kolumna nie zawiera metryki (MetricName); podaj jedną dla całego pliku.',
  'The row names no person: its identifiers are empty.': 'Wiersz nie wskazuje osoby: jego identyfikatory są puste.',
  'The key this file was uploaded with may not change consent.':
    'Klucz, którym przesłano ten plik, nie ma prawa zmieniać zgód.',
  'is not a list. Write a JSON list such as ["a","b"].': 'nie jest listą. Podaj listę JSON, np. ["a","b"].',
  'is not valid JSON.': 'nie jest poprawnym JSON-em.',
  'There is text after the closing quote. Inside a quoted cell every quote is written twice.':
    'Po zamykającym cudzysłowie jest jeszcze tekst. W komórce ujętej w cudzysłów każdy cudzysłów zapisuje się podwójnie.',
  'The cell is not UTF-8. Save the file as UTF-8 and upload it again.':
    'Komórka nie jest w UTF-8. Zapisz plik w UTF-8 i prześlij go ponownie.',
};
