// SPDX-License-Identifier: Apache-2.0
(function () {
  "use strict";
  var hover = document.getElementById("hover");

  function marked(target) {
    return target.closest ? target.closest("[data-h]") : null;
  }

  document.addEventListener("mousemove", function (event) {
    var mark = marked(event.target);
    if (!mark) {
      hover.style.display = "none";
      return;
    }
    hover.textContent = mark.getAttribute("data-h");
    hover.style.display = "block";
    var x = Math.min(event.clientX + 14, window.innerWidth - hover.offsetWidth - 8);
    var y = event.clientY + 16;
    if (y + hover.offsetHeight > window.innerHeight) {
      y = event.clientY - hover.offsetHeight - 10;
    }
    hover.style.left = Math.max(4, x) + "px";
    hover.style.top = Math.max(4, y) + "px";
  });

  document.getElementById("legend").addEventListener("change", function (event) {
    var kind = event.target.getAttribute("data-f");
    var marks = document.querySelectorAll("#diagram [data-k]");
    Array.prototype.forEach.call(marks, function (mark) {
      if (mark.getAttribute("data-k") === kind) {
        mark.classList.toggle("off", !event.target.checked);
      }
    });
  });
})();
