// Says after each save how long the text is, how it reads and what it still lacks: the server's own words.
for (const form of document.querySelectorAll("[data-reads-into]")) {
  form.addEventListener("autosaved", ({ detail }) => {
    for (const name of ["reading", "lacking"]) {
      const place = document.querySelector(`[data-${name}]`);
      if (place && detail[name] !== undefined) place.textContent = detail[name];
    }
  });
}
