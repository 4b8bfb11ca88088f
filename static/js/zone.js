// Tells the server the reader's time zone, so that it can write times in it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  document.cookie = `tz=${zone};path=/;max-age=31536000;samesite=lax`;
}
