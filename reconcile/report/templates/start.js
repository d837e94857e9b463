"use strict";
start().catch((error) => {
  document.getElementById("found").textContent = `Only the first rows are shown: ${error.message}`;
});
