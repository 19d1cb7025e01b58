/** The latency model fitted on every measured pair. Written by `node bench/latency/fit.ts`; not edited by hand. */
export const FITTED_FACTORS = `
all 4.564 2.13
hub ashburn 0 new-york 1.39 atlanta 1.299 chicago 1.721 dallas 1.769 paris 1.275 madrid 1.472
hub new-york 0 boston 1.393 montreal 1.54 toronto 1.615 chicago 1.586 london 1.262 paris 1.291 dublin 1.325 sao-paulo 1.513 fortaleza 1.777
hub boston 0.353 montreal 1.404 halifax 1.337 dublin 1.333
hub montreal 0.633 toronto 1.337 halifax 1.424
hub toronto 1.307 chicago 1.294 winnipeg 2.106
hub halifax 1.546 london 1.697 dublin 1.741
hub chicago 1.22 minneapolis 1.272 kansas-city 1.807 denver 1.497 seattle 1.503 dallas 1.77 atlanta 1.944 salt-lake-city 1.535
hub minneapolis 1.816 winnipeg 1.9 seattle 1.403 denver 1.874 kansas-city 1.795
hub kansas-city 0 denver 1.022 dallas 1.436 atlanta 2.275
hub atlanta 3.262 miami 1.587 dallas 1.798 new-orleans 1.574
hub miami 0 new-orleans 2.413 san-juan 1.726 bogota 1.67 panama 1.475 guatemala 2.234 fortaleza 1.298 sao-paulo 1.662 queretaro 1.861 caracas 1.25
hub new-orleans 4.011 san-antonio 1.003 dallas 1.207
hub dallas 0.489 san-antonio 2.188 denver 1.402 phoenix 1.625 los-angeles 1.548 monterrey 1.588
hub san-antonio 1.042 phoenix 1.351 monterrey 1.19
hub denver 0.136 salt-lake-city 1.476 phoenix 3.054 los-angeles 2.235
hub salt-lake-city 2.264 san-jose 1.63 portland 1.842 los-angeles 2.145 seattle 1.094
hub phoenix 1.414 los-angeles 1.332
hub los-angeles 0 san-jose 1.411 queretaro 1.933 panama 1.817 guatemala 2.455
hub san-jose 1.198 portland 1.64 seattle 1.5
hub portland 0 seattle 2.742
hub seattle 0.066 calgary 1.85
hub calgary 0 winnipeg 1
hub winnipeg 8.691
hub honolulu 1.648 los-angeles 1.059 san-jose 1.004 seattle 1.303 sydney 1.275 auckland 1.926 suva 1.966 tokyo 1.721
hub monterrey 1 queretaro 2.456
hub queretaro 0.514 guatemala 3.485
hub guatemala 3.428 panama 3.229
hub panama 3.376 bogota 1.541 guayaquil 1.771 lima 1.542 santiago 1.528
hub san-juan 1.627 new-york 1.274 caracas 1.761
hub bogota 2.057 caracas 2.411 guayaquil 1.323
hub caracas 1
hub guayaquil 0.903 lima 2.986
hub lima 1.195 santiago 1.489
hub santiago 1.567 buenos-aires 2.321
hub buenos-aires 0.937 sao-paulo 2.123
hub sao-paulo 0 brasilia 1.552 fortaleza 2.254
hub brasilia 1.576 fortaleza 2.7
hub fortaleza 0.688 lisbon 3.029 luanda 3.312 dakar 4.025
hub paramaribo 1.543 fortaleza 4.587 miami 1.932
hub london 0 manchester 1 amsterdam 1.489 brussels 1.65 paris 1.9 dublin 1.501 reykjavik 1.773 lisbon 2.139
hub manchester 1.014 dublin 1.528
hub dublin 3.058
hub reykjavik 2.218 copenhagen 2.068 halifax 2.772
hub amsterdam 0 brussels 1.215 frankfurt 1.932 copenhagen 1.827 berlin 1.168
hub brussels 0.61 paris 2.172 frankfurt 2.236
hub paris 0 frankfurt 1.652 zurich 2.482 marseille 1.391 madrid 1.343
hub frankfurt 0 berlin 1 munich 1.414 zurich 1.59 prague 1.633 copenhagen 1.756
hub berlin 6.073 warsaw 2.154 copenhagen 2.92 prague 1.838
hub munich 1.257 zurich 2.545 vienna 1.146 milan 2.733
hub zurich 0 milan 1.64
hub milan 1.519 marseille 1.819 rome 1.587 vienna 1.583 zagreb 2.572 tel-aviv 1.229 athens 2.539
hub marseille 0.437 madrid 2.799 alexandria 1 algiers 2.292 tunis 2.372 athens 2.511 palermo 2.569 tel-aviv 1
hub madrid 0 lisbon 3.053 algiers 2.575 casablanca 1.25
hub lisbon 1.745 casablanca 1.25 dakar 1.627 accra 1.82 lagos 2.004 cape-town 1.311
hub rome 0.901 palermo 2.665
hub palermo 1.849 tunis 1.107 athens 2.517 tel-aviv 2.509 alexandria 2.48
hub copenhagen 2.141 stockholm 1.653 oslo 1.317 new-york 1.382
hub oslo 0 stockholm 1.332
hub stockholm 0.906 helsinki 1 riga 1.686
hub helsinki 0 st-petersburg 1.669 riga 1.136
hub riga 0.102 warsaw 2.02 st-petersburg 1.64
hub warsaw 1.643 kyiv 2.752 prague 2.698 moscow 2.158 vienna 2.381
hub prague 0.492 vienna 2.907
hub vienna 2.705 budapest 2.219 zagreb 1.387
hub budapest 1.255 belgrade 1 bucharest 1.308
hub zagreb 0.356 belgrade 1.827
hub belgrade 1 sofia 3.708
hub sofia 0.591 bucharest 3.616 athens 2.044 istanbul 3.542
hub bucharest 2.584 istanbul 3.667 kyiv 5.065
hub athens 0.703 limassol 5.341 istanbul 2.619
hub istanbul 2.414 tbilisi 2.444 tehran 2.412
hub kyiv 0.741 moscow 2.706
hub moscow 0.162 st-petersburg 2.184 yekaterinburg 1 tbilisi 2.64 almaty 3.523
hub st-petersburg 0.953
hub yekaterinburg 1.172 novosibirsk 2.382 almaty 4.987
hub novosibirsk 0.811 almaty 4.489 vladivostok 2.359 beijing 3.383
hub vladivostok 0 sapporo 2.999 seoul 6.089 beijing 2.848
hub almaty 0.447 beijing 3.476
hub tbilisi 2.478 tehran 2.123
hub limassol 3.531 tel-aviv 6.767 alexandria 2.169
hub tel-aviv 8.279 alexandria 2.991 riyadh 3.475
hub alexandria 1.811 jeddah 2.647 djibouti 2.002
hub jeddah 1 riyadh 3.147 djibouti 3.071 karachi 2.077
hub riyadh 1.312 bahrain 2.916
hub bahrain 0 dubai 1.938 doha 4.147
hub dubai 0.007 mumbai 1.13 karachi 2.258 singapore 1.345
hub doha 4.049 dubai 1 riyadh 4.057
hub tehran 1 dubai 6.826
hub algiers 2.085
hub tunis 0.852
hub casablanca 1
hub dakar 1 accra 1.38
hub accra 0.975 cape-town 2.036
hub lagos 1.496 accra 1.946 luanda 1.623
hub luanda 1 cape-town 2.166
hub cape-town 1.674
hub johannesburg 0 cape-town 3.48 nairobi 1.919 port-louis 2.36
hub nairobi 2.3 dar-es-salaam 4.888 dubai 4.208 mumbai 3.989
hub dar-es-salaam 0.267 johannesburg 1
hub djibouti 1 mumbai 2.525 dubai 3.061 nairobi 5.144 dar-es-salaam 2.173 karachi 2.471 singapore 2.391
hub port-louis 1 mumbai 1.361 singapore 2.005 perth 2.51
hub karachi 1.458 lahore 3.059 mumbai 1.531
hub lahore 2.776 delhi 3.803
hub delhi 1.165 mumbai 2.642 dhaka 3.804
hub mumbai 0.994 hyderabad 2.679 chennai 1.776 singapore 1.332 colombo 1.25
hub hyderabad 0.862 chennai 2.189 delhi 2.615
hub chennai 0 singapore 1.157
hub colombo 1 singapore 1.25 chennai 1.25
hub dhaka 0.924 yangon 3.097 singapore 1.623
hub yangon 1 bangkok 1.834 singapore 1.25
hub bangkok 1.576 kuala-lumpur 1.753 ho-chi-minh 3.829
hub kuala-lumpur 0 singapore 1.707
hub singapore 0 jakarta 1.599 hong-kong 1.415 ho-chi-minh 5.099 manila 2.132 perth 1.4 bangkok 1.906 los-angeles 1.323 guam 1.519
hub jakarta 1.236 perth 2.153
hub ho-chi-minh 2.121 hanoi 1.303 hong-kong 2.078
hub hanoi 1.935 hong-kong 4.403
hub manila 2.92 hong-kong 2.252 tokyo 1.77 guam 2.678 taipei 2.492 los-angeles 1.329
hub hong-kong 0 shanghai 2.844 beijing 2.731 taipei 2.94 tokyo 1.76 seoul 1.496 los-angeles 1.407 san-jose 1.402
hub taipei 2.312 tokyo 1.45 shanghai 2.989 los-angeles 1.297 san-jose 1.299
hub shanghai 3.211 beijing 4.584 tokyo 3.104 osaka 3.397 seoul 3.463 los-angeles 1.59 san-jose 1.582 seattle 1.89
hub beijing 0.198 seoul 2.177
hub seoul 2.751 osaka 1.795 tokyo 1.799
hub tokyo 1.297 osaka 1.578 sapporo 5.423 seattle 1.399 portland 1.263 los-angeles 1.313 san-jose 1.275 guam 1.185 singapore 1.392
hub osaka 0.048 los-angeles 1.28 seattle 1.38
hub sapporo 0.589
hub guam 1 honolulu 1.87 hong-kong 1.143
hub perth 2.372 adelaide 1.169 sydney 1.274
hub adelaide 1 melbourne 1.843
hub melbourne 2.348 sydney 1.172 auckland 1.275
hub sydney 0.795 brisbane 2.204 auckland 1.323 los-angeles 1.19 suva 1.25 guam 1.563
hub brisbane 2.352 guam 2.102
hub auckland 0 christchurch 1.95 los-angeles 1.271 suva 1.463
hub christchurch 1.199
hub suva 1
subregion us-east 2.297 us-east 0.919
subregion us-west 3.075 us-east 1.019 us-west 0.974
subregion canada-east 1.921 us-east 0.995 us-west 1.01 canada-east 0.952
subregion canada-west 1.816 us-east 1.044 us-west 1.03 canada-east 0.994 canada-west 0.993
subregion central-america 3.228 us-east 0.948 us-west 0.994 canada-east 1.038 canada-west 1.008 central-america 1.08
subregion caribbean 2.453 us-east 0.94 us-west 0.973 canada-west 1.008 central-america 1.04
subregion andes 3.748 us-west 1.035 canada-east 0.977 canada-west 1.069 central-america 1.079 caribbean 1.08 andes 1.037
subregion south-america 2.642 us-east 1.009 us-west 1.017 canada-east 1.014 canada-west 1.029 central-america 1.109 caribbean 1.041 andes 1.006 south-america 1.008
subregion brazil 2.694 us-east 0.972 us-west 0.971 canada-east 1.008 canada-west 1.091 central-america 1.019 caribbean 1.032 south-america 0.971 brazil 0.976
subregion british-isles 2.188 us-east 0.976 us-west 1.008 canada-west 1.093 central-america 0.984 caribbean 1.029 andes 1.007 south-america 1.01 british-isles 1.01
subregion western-europe 3.053 us-east 0.988 us-west 1.014 canada-east 1.01 canada-west 1.103 central-america 0.993 caribbean 1.018 andes 0.984 south-america 1.005 brazil 0.978 british-isles 1.013 western-europe 1.006
subregion iberia 2.984 us-east 0.973 us-west 0.993 canada-east 1.016 canada-west 1.046 central-america 1.012 caribbean 0.956 andes 0.989 brazil 1.014 british-isles 1.06 western-europe 1.046 iberia 0.851
subregion italy 3.762 us-east 0.974 us-west 0.995 canada-east 0.977 canada-west 1.081 central-america 0.977 caribbean 0.993 andes 0.981 south-america 0.993 brazil 0.988 british-isles 0.967 western-europe 0.971 iberia 1.007 italy 0.933
subregion nordics 2.676 us-east 1.023 us-west 1.033 canada-east 1.035 canada-west 1.053 caribbean 1.019 andes 1.022 south-america 1.02 brazil 0.991 british-isles 0.948 western-europe 1.074 iberia 1.087 italy 1.04
subregion central-europe 3.123 us-east 1.009 us-west 1.01 canada-east 1.028 canada-west 1.056 central-america 1.018 caribbean 1.045 andes 1.012 south-america 1.014 brazil 1.021 british-isles 1.036 western-europe 1.068 iberia 1.056 italy 1.05 nordics 1.052 central-europe 0.89
subregion balkans 4.718 us-east 0.992 canada-east 0.989 canada-west 1.048 south-america 1.01 brazil 1.012 western-europe 1.04 iberia 1.094 italy 1.118 nordics 1.023 central-europe 0.973 balkans 1.05
subregion eastern-europe 3.624 us-east 1.009 us-west 0.981 canada-west 1.026 central-america 0.988 caribbean 1.007 andes 0.991 brazil 1.018 british-isles 1.038 western-europe 0.957 iberia 1.027 italy 1.021 nordics 1.012 central-europe 0.922 balkans 1.019 eastern-europe 1.012
subregion russia 1.888 us-east 1.02 us-west 1.012 canada-east 1.03 canada-west 1.046 central-america 1.017 caribbean 1.013 south-america 1.015 brazil 0.973 british-isles 1.037 western-europe 1.025 iberia 1.009 italy 1.085 nordics 0.95 central-europe 1.156 balkans 1.059 eastern-europe 0.994 russia 0.967
subregion siberia 6.013 us-east 1.006 us-west 1.069 canada-east 0.992 canada-west 1.04 central-america 1.02 caribbean 0.995 andes 1.01 brazil 0.97 british-isles 0.884 western-europe 0.879 iberia 0.947 italy 0.937 nordics 0.868 central-europe 0.923 balkans 0.931 eastern-europe 0.929 russia 0.858 siberia 0.939
subregion central-asia 3.709 us-east 0.971 us-west 0.976 canada-east 0.983 canada-west 1.021 central-america 0.977 andes 0.992 south-america 1.008 brazil 1.006 british-isles 0.918 western-europe 0.917 iberia 0.982 italy 0.982 nordics 0.96 central-europe 0.933 balkans 0.985 eastern-europe 0.99 russia 0.98 siberia 0.949 central-asia 1.009
subregion turkey 3.727 us-east 0.977 us-west 1.009 canada-east 0.993 canada-west 1.046 caribbean 0.992 andes 0.989 south-america 1.006 brazil 0.962 british-isles 0.95 western-europe 0.983 iberia 1.064 italy 1.055 nordics 0.968 central-europe 1.13 balkans 1.108 eastern-europe 1.095 russia 1.094 siberia 1.024 central-asia 1.078 turkey 0.876
subregion levant 5.778 us-east 1.036 us-west 1.053 canada-east 1.047 canada-west 1.034 central-america 1.029 caribbean 1.013 andes 1.016 south-america 1.011 brazil 1.018 british-isles 1.116 western-europe 1.061 iberia 1.123 italy 1.053 nordics 1.108 central-europe 1.056 balkans 1.081 siberia 0.945 central-asia 1.019 turkey 1.132 levant 0.992
subregion gulf 4.054 us-east 0.976 us-west 0.983 canada-east 0.981 canada-west 1.096 central-america 0.951 caribbean 0.993 andes 0.977 south-america 0.991 brazil 0.982 british-isles 0.952 iberia 0.939 italy 0.974 nordics 1.01 central-europe 1.026 balkans 1.005 eastern-europe 0.967 russia 0.963 siberia 1.028 central-asia 1.01 turkey 1.064 levant 1.514 gulf 0.957
subregion maghreb 2.473 us-east 1.006 us-west 1.047 canada-east 1.008 canada-west 1.053 central-america 1.005 andes 0.978 british-isles 0.974 western-europe 1.008 iberia 1.105 italy 0.938 nordics 1.034 central-europe 1.056 balkans 1.056 eastern-europe 1.011 russia 1.048 siberia 0.974 central-asia 0.987 gulf 0.994 maghreb 0.992
subregion west-africa 1.861 us-east 0.989 us-west 1.018 canada-east 0.982 canada-west 1.041 central-america 0.966 south-america 0.971 brazil 1.017 british-isles 0.907 western-europe 0.981 iberia 1.056 italy 1.006 nordics 0.956 central-europe 1.024 balkans 1.03 eastern-europe 1.014 russia 1.028 siberia 1.006 central-asia 0.975 turkey 1.052 levant 1.011 gulf 1.044 maghreb 1.026
subregion east-africa 5.009 us-east 0.961 us-west 0.974 canada-east 0.968 canada-west 1.007 central-america 0.988 andes 0.99 south-america 1.005 brazil 0.962 british-isles 0.952 western-europe 0.963 italy 0.988 nordics 0.973 central-europe 0.97 balkans 1.018 eastern-europe 0.954 russia 0.984 siberia 0.968 central-asia 1.035 turkey 1.047 levant 1.164 gulf 1.07 maghreb 1.024 west-africa 1.087 east-africa 0.93
subregion southern-africa 3.275 us-east 0.939 us-west 0.947 canada-east 0.961 central-america 0.942 caribbean 0.994 andes 0.988 south-america 1.018 brazil 1.024 british-isles 0.969 western-europe 0.979 iberia 1.067 central-europe 1.005 balkans 1.008 russia 0.993 siberia 0.98 central-asia 0.994 levant 1.087 gulf 0.868 maghreb 1.009 east-africa 0.964
subregion south-asia 3.579 us-east 0.944 us-west 0.958 canada-east 0.927 canada-west 1.008 central-america 0.978 caribbean 0.963 andes 0.972 south-america 0.971 brazil 0.932 british-isles 0.888 western-europe 0.889 iberia 0.897 italy 0.925 nordics 0.957 central-europe 0.935 balkans 0.979 eastern-europe 0.946 russia 0.979 siberia 1.169 central-asia 1.244 turkey 1.09 levant 1.419 gulf 1.146 maghreb 1.009 west-africa 0.977 east-africa 1.323 southern-africa 1.024 south-asia 0.935
subregion south-east-asia 4.287 us-east 0.958 us-west 0.923 canada-east 0.94 canada-west 0.956 central-america 0.977 brazil 0.947 british-isles 0.883 western-europe 0.858 iberia 0.905 italy 0.9 nordics 0.889 central-europe 0.906 balkans 0.995 eastern-europe 0.988 russia 0.939 siberia 0.937 central-asia 1.198 turkey 1.13 levant 1.229 gulf 1.049 maghreb 1.101 west-africa 0.97 east-africa 1.197 southern-africa 1.03 south-east-asia 0.886
subregion philippines 3.303 us-west 0.979 canada-east 1.01 canada-west 1.036 central-america 1.022 caribbean 0.983 andes 1.019 south-america 1.022 british-isles 0.989 western-europe 0.991 iberia 1.049 italy 0.988 nordics 0.976 central-europe 1.064 balkans 1.049 eastern-europe 1.046 russia 1.055 siberia 1.017 central-asia 1.089 turkey 1.094 levant 1.072 gulf 1.051 maghreb 1.007 west-africa 0.993 east-africa 1.051 southern-africa 1.015 south-asia 0.956 south-east-asia 0.93 philippines 1.006
subregion china 3.377 us-east 1.101 us-west 1.101 canada-east 1.055 canada-west 1.069 central-america 1.028 caribbean 1.034 andes 1.04 south-america 0.955 british-isles 0.959 iberia 1.024 italy 0.955 nordics 1.012 central-europe 1.097 balkans 0.993 russia 1.005 central-asia 1.033 turkey 1.015 levant 0.967 gulf 1.015 maghreb 0.984 west-africa 0.971 east-africa 1.028 southern-africa 0.928 south-asia 1.244 south-east-asia 1.092 philippines 1.059 china 0.94
subregion hong-kong-taiwan 3.027 us-east 0.966 us-west 0.954 canada-east 0.981 central-america 0.984 caribbean 1.009 andes 1.024 south-america 1.016 brazil 1.02 british-isles 0.898 western-europe 0.886 iberia 1.035 italy 0.897 nordics 0.945 central-europe 1.005 balkans 1.085 eastern-europe 1.05 russia 1.081 siberia 0.953 central-asia 1.105 turkey 1.06 levant 1.168 gulf 1.072 maghreb 1.061 west-africa 0.98 east-africa 1.079 southern-africa 1.196 south-asia 0.949 south-east-asia 0.943 philippines 1.035 china 1.005 hong-kong-taiwan 0.978
subregion korea-japan 2.493 us-east 0.957 us-west 0.933 canada-east 0.931 canada-west 0.966 central-america 0.968 caribbean 0.994 andes 1.005 brazil 0.978 british-isles 1.052 western-europe 1.069 iberia 1.063 italy 1.041 nordics 1.271 central-europe 1.194 balkans 1.147 eastern-europe 1.192 russia 1.166 central-asia 1.18 turkey 1.171 levant 1.149 gulf 0.962 maghreb 1.099 west-africa 1.042 east-africa 1.176 south-asia 0.934 south-east-asia 0.886 philippines 0.992 china 1.034 hong-kong-taiwan 0.977 korea-japan 0.958
subregion australia 2.021 us-east 0.982 us-west 0.964 canada-east 0.986 canada-west 0.953 central-america 0.989 caribbean 1.011 andes 1.1 south-america 1.009 brazil 0.97 british-isles 0.913 western-europe 0.878 iberia 0.96 italy 0.887 nordics 0.909 central-europe 0.927 balkans 1.005 eastern-europe 1.011 siberia 1.051 central-asia 1.106 turkey 1.046 levant 1.139 gulf 0.984 maghreb 1.036 west-africa 1.009 east-africa 1.113 southern-africa 1.037 south-asia 0.982 south-east-asia 0.963 philippines 1.048 china 1.169 korea-japan 0.914 australia 1.038
subregion oceania 2.059 us-east 1.024 us-west 0.984 canada-east 1.058 canada-west 1.015 caribbean 1.013 andes 1.061 south-america 1.021 brazil 0.988 british-isles 0.985 western-europe 0.981 iberia 0.988 italy 0.986 nordics 1.011 central-europe 1.005 balkans 1.005 siberia 1.062 central-asia 1.052 levant 1.091 gulf 1.006 west-africa 1.013 east-africa 1.087 southern-africa 0.995 south-asia 1.025 south-east-asia 0.972 philippines 1.099 china 1.029 hong-kong-taiwan 0.983 korea-japan 0.976 australia 0.931 oceania 0.973
`;
