// A field to be copied: one click selects all of it. Copying is left to the browser, so it works everywhere.

for (const field of document.querySelectorAll("[data-copy]")) field.addEventListener("focus", () => field.select());
