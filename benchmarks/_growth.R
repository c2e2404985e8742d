# lme4 on the courses of a CSV: prints the middle of three times of the fit alone in seconds, then log-likelihood, coefficients and standard errors.
suppressPackageStartupMessages(library(lme4))
d <- read.csv(commandArgs(trailingOnly = TRUE)[1])
seconds <- replicate(3, system.time(
  m <<- lmer(score ~ baseline * time + (1 + time | client), d, REML = TRUE)
)[["elapsed"]])
cat(median(seconds), as.character(packageVersion("lme4")), "\n")
cat(format(as.numeric(logLik(m)), digits = 15), "\n")
cat(format(fixef(m), digits = 12), "\n")
cat(format(sqrt(diag(as.matrix(vcov(m)))), digits = 12), "\n")
