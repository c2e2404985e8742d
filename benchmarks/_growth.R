# lme4 on the courses of a CSV: prints seconds of the fit alone, then log-likelihood, coefficients and standard errors.
suppressPackageStartupMessages(library(lme4))
d <- read.csv(commandArgs(trailingOnly = TRUE)[1])
seconds <- system.time(
  m <- lmer(score ~ baseline * time + (1 + time | client), d, REML = TRUE)
)[["elapsed"]]
cat(seconds, as.character(packageVersion("lme4")), "\n")
cat(format(as.numeric(logLik(m)), digits = 15), "\n")
cat(format(fixef(m), digits = 12), "\n")
cat(format(sqrt(diag(as.matrix(vcov(m)))), digits = 12), "\n")
